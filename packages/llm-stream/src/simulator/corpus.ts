/** What the simulator has read: paragraphs about things that flow. Its answers are drawn from these words. */
export const CORPUS: string = `
A stream is a promise that more will come. The reader does not know how much, and the writer does not always know either. Both agree on one thing only: the order of the bytes will not change on the way. Everything else is a matter of patience. A good protocol says how to wait, and for how long, and what it means when the waiting ends.

The river does not know the word for river. It only follows the slope, a little at a time, and carries what falls into it. After the rain it carries more, and in August it carries almost nothing. A boat on the river is like a message on the wire: it arrives because something under it keeps moving.

A letter takes days, and nobody calls it slow. The post office weighs it, stamps it and puts it in a bag with a hundred others. What the envelope says is for the post, and what the paper says is for the reader. Networks work the same way. Each layer reads its own envelope and leaves the next one closed.

In a busy kitchen nothing is carried before it is asked for. The cook calls, the waiter comes, and the plate leaves while it is still hot. If the waiter is slow the plates pile up on the counter, and a good cook stops frying until there is room again. That is backpressure, and every stream needs it.

Bytes arrive in pieces that nobody chose. A line may be cut in the middle of a word, and a character in the middle of its bytes. A careful reader keeps what is left over and waits for the rest. A careless reader works in every demonstration and fails on the first slow evening.
`
