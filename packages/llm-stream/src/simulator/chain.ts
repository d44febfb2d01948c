import { pick, type Random } from './random.ts'
import { keyOf } from './topics.ts'

/** An order-2 Markov chain: what may follow a pair of words is what followed that pair in the book it was made from. */
export interface Chain {
  /** The book, as sentences in paragraphs. */
  readonly paragraphs: readonly Paragraph[]
  /** The words it has, as keys, and not the short ones. */
  readonly keys: ReadonlySet<string>
  /** A sentence that begins like `start` and ends where the chain has led it, near the topics if it can. */
  sentence(start: Words, topics: ReadonlySet<string>, random: Random): string
}

export type Words = readonly string[]

export interface Paragraph {
  readonly sentences: readonly Words[]
  /** What it is about, to be compared with what a prompt is about. */
  readonly keys: ReadonlySet<string>
}

/** A word of the book: where a walk through the chain may go on. */
interface Place {
  readonly sentence: Words
  readonly at: number
}

/** A sentence that has wandered this far is given up for the one it began as. */
const LONGEST_SENTENCE = 40
/** How often a walk leaves the sentence it is in where another one shares its last two words: more is wilder. */
const LEAP = 0.3
/** How often it does so where that leads to a word that is on topic. */
const LEAP_TO_TOPIC = 0.7
const SENTENCE_END = /(?<=[.!?]) +/

export function createChain(book: string): Chain {
  const paragraphs = book.trim().split(/\n\n+/).map(readParagraph)
  const followers = new Map<string, Place[]>()
  for (const { sentences } of paragraphs) for (const sentence of sentences) learn(sentence, followers)

  function step(words: Words, here: Place, topics: ReadonlySet<string>, random: Random): Place {
    const places = followers.get(lastPair(words)) ?? []
    const onTopic = places.filter(({ sentence, at }) => topics.has(keyOf(sentence[at] ?? '')))
    if (onTopic.length > 0 && random() < LEAP_TO_TOPIC) return pick(random, onTopic)
    return places.length > 0 && random() < LEAP ? pick(random, places) : here
  }

  return {
    paragraphs,
    keys: new Set(paragraphs.flatMap(({ keys }) => [...keys]).filter((key) => key.length > 2)),
    sentence(start, topics, random) {
      const words = start.slice(0, 2)
      let place: Place = { sentence: start, at: 2 }
      for (;;) {
        place = step(words, place, topics, random)
        const word = place.sentence[place.at]
        if (word === undefined) return words.join(' ')
        if (words.length === LONGEST_SENTENCE) return start.join(' ')
        words.push(word)
        place = { sentence: place.sentence, at: place.at + 1 }
      }
    },
  }
}

function readParagraph(text: string): Paragraph {
  const sentences = text.split(SENTENCE_END).map((sentence) => sentence.split(' '))
  return { sentences, keys: new Set(sentences.flat().map(keyOf)) }
}

function learn(sentence: Words, followers: Map<string, Place[]>): void {
  for (let at = 2; at < sentence.length; at++) {
    const pair = lastPair(sentence.slice(0, at))
    const known = followers.get(pair)
    if (known) known.push({ sentence, at })
    else followers.set(pair, [{ sentence, at }])
  }
}

function lastPair(words: Words): string {
  return words.slice(-2).join(' ')
}
