import { CORPUS } from './corpus.ts'
import { pick, type Random } from './random.ts'
import { keyOf, notableWords, topicsOf } from './topics.ts'

/** How many words an answer has: at least `min`, at most `max` unless a sentence would have to be cut. */
export interface WordRange {
  readonly min: number
  readonly max: number
}

interface Sentence {
  readonly words: readonly string[]
  /** What it is about, to be compared with what the prompt is about. */
  readonly keys: ReadonlySet<string>
}

/** An order-2 Markov chain: what may follow a pair of words is what followed it in the corpus. */
interface Chain {
  readonly sentences: readonly Sentence[]
  readonly followers: ReadonlyMap<string, readonly string[]>
}

/** A sentence that has wandered this far is given up. */
const LONGEST_SENTENCE = 45
/** How often a sentence starts, or turns, towards what the prompt is about if it can. */
const STEER = 0.8

let chain: Chain | undefined // made when first needed: importing the simulator costs nothing

function readCorpus(text: string): Chain {
  const sentences = text
    .trim()
    .split(/(?<=[.!?])\s+/)
    .map((sentence) => {
      const words = sentence.split(' ')
      return { words, keys: new Set(words.map(keyOf)) }
    })
  const followers = new Map<string, string[]>()
  for (const { words } of sentences)
    for (let i = 2; i < words.length; i++) {
      const pair = `${words[i - 2]} ${words[i - 1]}`
      const known = followers.get(pair)
      if (known) known.push(words[i] ?? '')
      else followers.set(pair, [words[i] ?? ''])
    }
  return { sentences, followers }
}

/** Walks the chain to the end of a sentence, or gives up with `undefined`. */
function walk({ sentences, followers }: Chain, topics: ReadonlySet<string>, random: Random): string | undefined {
  const onTopic = sentences.filter((sentence) => [...topics].some((topic) => sentence.keys.has(topic)))
  const start = pick(random, onTopic.length > 0 && random() < STEER ? onTopic : sentences)
  const words = start.words.slice(0, 2)
  while (words.length < LONGEST_SENTENCE) {
    const next = followers.get(words.slice(-2).join(' '))
    if (next === undefined) return words.join(' ')
    const towards = next.filter((word) => topics.has(keyOf(word)))
    words.push(pick(random, towards.length > 0 && random() < STEER ? towards : next))
  }
  return undefined
}

const OPENINGS = [
  'I am a simulator, not a language model.',
  'This is a simulator speaking: there is no model behind these words.',
  'Please read this as what it is, the output of a simulator and not of a model.',
  'No model was asked for this answer; a simulator is making it up.',
]

const ECHOES = [
  (words: string) => `You wrote about ${words}, so I looked for sentences that lie near it.`,
  (words: string) => `From your message I kept ${words} and let a chain of words run on from there.`,
  (words: string) => `With ${words} in mind, I open my one small book and read.`,
  (words: string) =>
    `The part of your message that I noticed is ${words}; the rest of this comes from a short text on streams.`,
]

const CLOSINGS = [
  'That is all the water in this pipe today 🌊.',
  'Ask again and the same words will come: I am seeded, not clever.',
  'And so it goes, token by token, until the last chunk has length zero.',
  'In Zürich they would say “genau” and order another café crème ☕.',
  'The old sign for all this is 流: water, and something carried by it.',
  'Here ends the answer; the terminator follows on the next line → look for it.',
]

/** An answer to a conversation: the same conversation and random numbers, the same answer. */
export function compose(
  turns: readonly { readonly role: string; readonly text: string }[],
  random: Random,
  range: WordRange,
): string {
  chain ??= readCorpus(CORPUS)
  const asked = turns.filter((turn) => turn.role === 'user')
  const prompt = asked.at(-1)?.text ?? ''
  const topics = topicsOf(prompt)
  const target = range.min + Math.floor(random() * Math.max(range.max - range.min, 1))

  const opening = [pick(random, OPENINGS)]
  const noticed = notableWords(prompt)
  if (noticed.length > 0) opening.push(pick(random, ECHOES)(inWords(noticed)))
  if (asked.length > 1) opening.push(`This is turn ${asked.length} of our conversation.`)
  const closing = pick(random, CLOSINGS)

  const body = sentencesUpTo(target - countWords([...opening, closing]), () =>
    walk(chain ?? readCorpus(CORPUS), topics, random),
  )
  return [opening.join(' '), ...paragraphs(body), closing].join('\n\n')
}

function sentencesUpTo(target: number, next: () => string | undefined): string[] {
  const said = new Set<string>()
  for (let words = 0, tries = 0; words < target && tries < target; tries++) {
    const sentence = next()
    if (sentence === undefined || said.has(sentence)) continue
    said.add(sentence)
    words += countWords([sentence])
  }
  return [...said]
}

function paragraphs(sentences: readonly string[]): string[] {
  const result: string[] = []
  for (let i = 0; i < sentences.length; i += 4) result.push(sentences.slice(i, i + 4).join(' '))
  return result
}

function inWords(list: readonly string[]): string {
  const quoted = list.map((word) => `"${word}"`)
  return quoted.length === 1 ? `${quoted[0]}` : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`
}

function countWords(sentences: readonly string[]): number {
  return sentences.join(' ').split(' ').length
}
