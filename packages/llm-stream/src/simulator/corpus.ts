/**
 * What the simulator has read: short paragraphs about things that flow, wait, arrive and break.
 *
 * Sentences are taken apart and joined again wherever two of them share a pair of words, so nothing here
 * needs the sentence before it: no brackets, and no quotation marks around more than one word.
 */
export const CORPUS: string = `
A stream is a promise that more will come. The reader does not know how much, and the writer does not always know either. Both agree on one thing only: the order of the bytes will not change on the way. Everything else is a matter of patience. A good protocol says how to wait, and for how long, and what it means when the waiting ends.

The river does not know the word for river. The water follows the slope, a little at a time, and carries what falls into it. After the rain a river carries more, and in August it carries almost nothing. A boat on the river is like a message on the wire: it arrives because something under it keeps moving. Nobody pushes the boat twice.

A letter takes days, and nobody calls it slow. The post office weighs a letter, stamps it and puts it in a bag with a hundred others. What is on the envelope is for the post, and what is on the paper is for the reader. Networks work the same way. Each layer reads its own envelope and leaves the next one closed.

In a busy kitchen nothing is carried before it is asked for. The cook calls, the waiter comes, and the plate leaves while it is still hot. When the waiter is slow the plates pile up on the counter, and a good cook stops frying until there is room again. That is backpressure, and every stream needs it. A kitchen without it is a kitchen with a fire.

Bytes arrive in pieces that nobody chose. A line may be cut in the middle of a word, and a character in the middle of its bytes. A careful reader keeps what is left over and waits for the rest. A careless reader works in every demonstration and fails on the first slow evening. The network is not being unkind; it never promised to keep your pieces together.

The network is a crowd of machines that have agreed to be polite. Each of them knows only the next step, and still a packet finds its way across an ocean. Some packets are lost, and nobody writes them a letter of regret. The sender notices the silence, waits a moment and sends the same bytes again. Most of what we call reliable is something unreliable, repeated until it works.

A connection begins with three short greetings. One side says that it would like to talk, the other says that it heard and would like to talk too, and the first says that it heard that. After the third greeting both of them know that both of them know. Friendships have been built on less.

A token is a little piece of a word, and sometimes a whole one. The model does not write sentences; it chooses one token, then looks at everything so far and chooses the next. What looks like typing is really a long row of small decisions. The reader sees the answer grow and forgives the waiting. A slow answer that has started feels faster than a fast one that has not.

A language model is a machine for going on. Give it a beginning and it will find a next word, and then another one. A small chain of words can do the same with much less understanding and much less electricity. The difference is that a chain has read one little book, and the model has read the library. Both of them can be wrong with great confidence.

The computer does exactly what it was told, which is seldom what was meant. Most bugs are a sentence that two people read in two ways. Good code says one thing, says it once, and says it where you would look. A name is worth more than a comment, and a test is worth more than both. The best program is the one you can read on a bad day.

A function should fit on a screen, and its purpose should fit in its name. When code needs a map, somebody has built a city where a village was wanted. Small pieces can be read, and what can be read can be mended. Nobody has ever complained that a file was too short to be interesting.

The kettle is a good teacher of asynchronous work. You fill it, you switch it on, and then you cut the bread instead of watching the water. A whistle tells you when to come back. Standing next to the kettle does not make the water boil any sooner, but many programs do exactly that. The cook who knows how to wait gets breakfast for six on the table in ten minutes.

Bread wants flour, water, salt and time, and of these time is the one that people leave out. The dough does nothing that you can see, and then it has doubled. A recipe is a protocol between a cook who is not there and a cook who is not sure. Write down the quantities, write down the order, and say what it should look like when it is done. The smell of bread is the only progress bar that nobody wants to skip.

Soup is made of what the market had in the morning. A pinch of salt in the beginning is worth a spoon of it at the end. The recipe says twenty minutes, and the soup says when. Taste it early, taste it often, and throw away less than you think you should. A kitchen teaches the same lesson as a network: measure before you change anything.

Coffee is a stream that has been asked to hurry. Too fast and the water learns nothing; too slow and it learns too much. In a café in Zürich I was told that the last drops taste of regret. Every pipeline has such a last drop, and the wise cook stops just before it ☕.

The sea does not have a last byte. Waves come in at their own rate, and no shore has ever asked for fewer. A harbour is a buffer: ships wait there until there is room, and the sea outside goes on as it likes. The lighthouse sends one bit, slowly, to everybody at once, and never asks who is listening. Sailors have trusted that one bit for two thousand years 🌊.

Rain falls on the roof, runs along the gutter and goes down the pipe into the barrel. When the barrel is full the rest runs over, and the garden gets what the barrel could not hold. A buffer only ever changes the time at which you find out that there is too much. Make it as large as you like; the rain is larger.

A queue is where time is kept until somebody needs it. People in a queue will wait for a long while if they can see it move. A queue that does not move is only a crowd with a direction. Give every queue a limit, and decide on a quiet day what happens to the one who comes after it. The decision is much harder to make in the rain.

The train leaves at nine whether you are on it or not. A timetable is the oldest timeout of all. Passengers who miss the train are not errors; they are people for whom the next train was invented. The stations on a line must come in order, and no passenger has ever arrived before the engine. When the track is broken it is better to say so at the first station than at the last one.

A clock is a promise about the future, made of wheels. Two clocks never quite agree, and a system with many clocks has many times. Ask how long something took, and a clock will tell you; ask which of two things came first, and it may lie. Old sailors carried three clocks, so that one could be wrong and they would know which.

Time limits are a form of kindness. A program that waits for ever is not patient; it is lost. Say how long you will wait, say it before you begin, and say what you will do afterwards. The user would rather hear a clear no after ten seconds than a hopeful silence after an hour.

An error message is a letter to a tired person. Say what happened, say where, and say what to try next. The number is for the machine and the sentence is for the human. Never put a secret into an error, because errors travel further than anything else you write. A good error is short, true, and a little bit sorry.

Silence can mean three things: the other side is thinking, the other side is gone, or the letter was lost. From where you stand they look the same. A heartbeat is a small sound that removes one of the three. Doctors, sailors and servers all listen for it, and all of them are worried by the pause. The comment line in a stream is such a heartbeat, a colon and nothing more.

The library keeps the books and the catalogue keeps the library. Somebody who reads one page a day will read a long book before the year is over. A book is a stream that has been stopped for your convenience. The reader may go back, skip ahead, or fall asleep, and the words will wait. On a wire the words do not wait, and so we write them down as they pass.

A story needs somebody who wants something and a reason why it is difficult. The rest is weather. Tell the story in the order in which it happened, unless you have a better reason than cleverness. A good ending makes the beginning look as if it had known. Children ask what happened next, which is the only review that matters.

A poem is the smallest program that runs on a reader. Every word has to earn its place, and the line break is the loudest of them all. Read a poem aloud and the ear will find the bug that the eye forgave. There is no need to explain the moon to somebody who is standing under it.

The moon pulls the sea twice a day and asks for no receipt. Stars are old news: their light left home before anybody had a name for it. A signal from the edge of the solar system is weaker than a whisper in a football stadium, and still somebody hears it. Space is mostly waiting, with a few bright exceptions. The astronomer and the network engineer share a word for it, and the word is latency.

A cat sits on the warm machine because the machine is warm. No other explanation has ever been needed. The dog waits at the door, which is a long poll, and is delighted by every event. The cat is an event stream with a very long reconnection time. Both of them know when it is dinner without any clock at all 🐈.

Birds follow a river because it shows them the way. A flock turns without a leader: each bird watches a few of its neighbours and nobody watches them all. Engineers admire this and then build a server in the middle. In autumn the geese fly over the town in a long open chunk, and the last one is always hurrying.

A garden is a slow computer with many inputs. Water it in the evening and weed it after the rain. The gardener plants more than will grow, because some seeds are lost, and seeds cannot be sent again in June. What grows next to the compost is usually a pumpkin. Nobody knows who asked for it.

The tree in the yard has never been in a hurry and is taller than the house. Its roots drink from a ground that nobody sees. Each ring is a year written down, thick for the rain and thin for the drought. A log file should be half as honest. When the tree falls there are the rings, and anybody can read them from the outside in.

A city is a network that people live in. Streets carry what they can, and the rest stands still and uses the horn. A new street brings new cars, as every town finds out once. Water comes in through one pipe and leaves through another, and the most important person in the city is the one who keeps the two apart. In 東京 the trains bow to nobody and are on time.

A map is a drawing of what somebody thought was important. The river is on it, and the smell of the river is not. Two towns that look close may have a mountain between them, and two servers may too. Measure the way before you promise the time. A traveller with a good map still asks at the inn.

A bridge stands because every stone leans on another one. Take out the wrong stone and the rest will explain to you what it was doing. Layers of a protocol lean on one another in the same way, and each of them should know only the one below. The engineer walks under the bridge first. That is a test with consequences.

The telegraph turned words into clicks and paid for each of them. People learned to write without a word too many, and some of them never lost the habit. An operator knew her colleagues by the rhythm of their hands, hundreds of miles away. A wire carries more than the message, if you know how to listen. STOP was cheaper than a full stop.

A telephone call is two streams that pretend to be a conversation. Each side may stop talking while the other goes on. In TCP this is called a half-close, and in a marriage it is called listening. Hang up without a word and the other side will not know what to think. A polite end is a part of the message.

Music is a stream with strong opinions about time. A note that comes late is a wrong note, even when it is the right one. The players look at each other, breathe together and begin. A musician does not wait for the whole song to be written before the first bar is played. Jitter is what we call it when a machine has no rhythm.

A song goes through the air as pressure and arrives as a memory. The voice needs only a few thousand hertz, and the heart needs fewer. When the band stops in the middle everybody notices, and when they stop at the end everybody claps. A stream should make the same difference between a cut and an end.

Paper remembers what it was told, and for a long time. Before the pen there was the reed, and before the reed a finger in the sand. A scribe who copied a book in a year made fewer mistakes than we do in a minute, and the mistakes were prettier. Handwriting is slow enough to think in.

A language is a river that many people step into. Words come down from the hills, lose their corners on the way, and arrive round. A naïve reader asks what a word means, and a better one asks who is speaking. Some words refuse to cross the border: déjà vu, Weltschmerz, saudade. Every alphabet is a compromise that somebody's grandmother learned by heart.

Characters are older than bytes and do not fit into them. An é is two bytes long, a 流 is three, and a single smiling face may be four or twenty. Cut a character in the middle and you get a small black diamond with a question in it. Keep the bytes until the character is whole, then show it. Nobody ever thanked a program for half a letter.

A line ends with \\r\\n or with \\n, and for a few old machines with \\r alone. Typewriters needed both: one to go back to the left and one to go down. We have kept the two movements and lost the typewriter. The blank line is the most important line in the whole protocol, because it is the one that says "now".

A header tells you what is coming, and the body is what comes. Read the head before you believe the body. Two lengths that do not agree are not a puzzle for you to solve; they are a door that somebody is trying to open. Refuse politely, close the connection, and write down what you saw. Strictness at the door makes it possible to be relaxed inside.

A chunk begins with its size and ends with an empty line. The last chunk has the size 0, and that is how you know that nothing is missing. A stream that just stops has not ended; it has only become quiet. The difference is one small line of five bytes. Much money has been lost between the two.

The proxy in the middle means well. It collects the little pieces until they are worth carrying, and so the words that were written one by one arrive in a heap. Tell it not to, in a language that it understands. A postman who keeps the letters until the bag is full is not a thief, but the birthday is over.

A server that talks to a thousand people says the same thing a thousand times. Encode it once and hand everybody the same bytes. Some of the thousand listen slowly, and one of them has fallen asleep. Do not let the sleeper hold up the others: hang up, and let him come back with the number of the last thing he heard. He will not even know that he was away.

Security is mostly a matter of not saying too much. A key belongs in a lock and not in a letter. Trust the message after you have looked at it, and not because of the road it came by. A wall with a door that is always open is a very expensive picture of a wall. Ask for as little as you need and forget it as soon as you can.

Money is a message too: it says that somebody owes you something, and passes it on. The bank is a long list that everybody has agreed to believe. A payment made twice is worse than one that was not made, so give every order a number and look for the number first. Accountants discovered this five hundred years before the database did.

A child learns to speak by being answered. Wrong words get a smile, right words get a biscuit, and after some years there are sentences. School is where we learn that others have had the same question. The best teacher draws one picture and waits. Understanding comes in one piece, like an event, after many lines that seemed to do nothing.

Love is a connection that both sides keep open without a timeout. It sends small messages of no importance, and they are the important ones. A good friend reads between the packets. When the line is bad you speak more slowly and say the main thing first.

A joke is a protocol with a surprise in the last field. Explain it and it is closed for good. There is an old one about a packet that nobody got, and an older one about UDP that you may not get either. The programmer laughs twice: once now, and once when the retry arrives.

Football is played with two nets and no network. The ball finds the gap before the defender does, and the crowd finds it a second later. A team that passes early does not have to run late. Good players, like good parsers, look up before the ball arrives, so that they already know the state they are in.

Health is a heartbeat, some sleep and a walk along the river. Drink water, go to bed, and do not read the logs after ten in the evening. The body has its own backpressure, and it is called being tired. A short pause now is cheaper than a long restart later.

Winter slows everything down that is not in a hurry already. Snow falls without order and lies without gaps. The path to the door has to be made again every morning, and each time it is the same path. Spring is a reconnect: the garden comes back with its last event and goes on from there.

A machine in São Paulo and a machine in Ålesund can agree on the time of day to within a blink. Between them lie two cables, nine companies and a great many people who have never met. Light in glass needs fifty thousandths of a second for the way, and no clever code will make it less. Send the first word early; the distance will be there in any case.

Testing is the art of being unkind to your own work in private. Cut the input at every place where it can be cut, and then give it one byte at a time. What survives this will survive the train through the tunnel. Break the code once on purpose and see the test turn red. A test that cannot fail is only a picture of a test.

To measure is to be surprised in time. The slow part is never where the story says it is. Change one thing, measure again, and keep the change only if the number agrees with the hope. Fast programs are fast because they do little. Copy nothing that you can point to, and wait for nothing that you do not need.

Simple is not the same as easy, and it usually takes a day longer. The first version shows that it can be done, the second shows how much of it was needed. Remove a part and see whether anybody misses it. A tool that does one thing can be trusted in the dark.

The end of a stream is a place where most mistakes live. Did everything arrive, or did somebody trip over the cable? A whole answer says that it is whole. Do not guess, do not repair, and never call a fragment a result. Say what came, say that more was promised, and let the reader decide.

Questions are streams that run uphill. A short one can be answered for a whole evening. Whoever asks what a thing is for has usually found the part that nobody needed. Write the question down first, in plain words, and half of the time the answer is written already.
`
