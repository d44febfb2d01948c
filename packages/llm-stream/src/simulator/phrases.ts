/** First sentences. Each says what is speaking, so that nobody takes the words for a model's. */
export const OPENINGS: readonly string[] = [
  'I am a simulator, not a language model.',
  'This is a simulator speaking; there is no model behind these words.',
  'Please take this for what it is: the words of a simulator, not of a model.',
  'No model was asked for this answer. A simulator is putting it together from a small book.',
  'You have reached a simulator, and no model at all.',
]

/** Sentences that repeat a few words of the prompt. */
export const ECHOES: readonly ((words: string) => string)[] = [
  (words) => `You wrote ${words}, so I looked for sentences that lie near it.`,
  (words) => `From your message I kept ${words} and let a chain of words run on from there.`,
  (words) => `With ${words} in mind I open my one small book and read.`,
  (words) => `What I noticed in your message is ${words}, and this is what my book has to say.`,
  (words) => `I cannot know much about ${words}, but I have read a little about things that flow.`,
]

/** Last sentences. Some hold characters of more than one byte, as real answers do. */
export const CLOSINGS: readonly string[] = [
  'That is all the water in this pipe today 🌊.',
  'Ask the same again and the same words will come: I am seeded, not clever.',
  'And so it goes, token by token, until the last chunk has the size 0.',
  'In Zürich they would say "genau" and order another café crème ☕.',
  'The old sign for all of this is 流: water, and something that it carries.',
  'Here the answer ends, and what follows on the wire → is the proof that it is whole.',
  'The rest is left as an exercise for the reader, who has one more byte than I do 👩‍💻.',
  'Merci, danke, ありがとう: it was a pleasure to be streamed.',
]
