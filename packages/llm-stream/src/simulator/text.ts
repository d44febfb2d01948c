import { type Chain, createChain, type Paragraph } from './chain.ts'
import { CORPUS } from './corpus.ts'
import { CLOSINGS, ECHOES, OPENINGS } from './phrases.ts'
import { pick, type Random } from './random.ts'
import { keyOf, notableWords, subjectWords } from './topics.ts'

/** How many words an answer has. Only a range that is narrower than a sentence is not always kept to. */
export interface WordRange {
  readonly min: number
  readonly max: number
}

/** What a conversation is about, as far as the book and an echo need to know. */
export interface Subject {
  /** Words of the last message to repeat. */
  readonly noticed: readonly string[]
  /** Keys of its words that occur in the book. */
  readonly topics: ReadonlySet<string>
  /** How many messages the user has sent. */
  readonly turn: number
}

let opened: Chain | undefined

/** The corpus as a chain, made when it is first needed: importing the simulator costs nothing. */
function book(): Chain {
  opened ??= createChain(CORPUS)
  return opened
}

export function subjectOf(turns: readonly { readonly role: string; readonly text: string }[]): Subject {
  const asked = turns.filter((turn) => turn.role === 'user')
  const words = subjectWords(asked.at(-1)?.text ?? '')
  const known = words.map(keyOf).filter((key) => book().keys.has(key))
  return { noticed: notableWords(words), topics: new Set(known), turn: asked.length }
}

/** An answer. The same subject and the same random numbers make the same one. */
export function compose({ noticed, topics, turn }: Subject, random: Random, range: WordRange): string {
  const opening = [pick(random, OPENINGS)]
  if (noticed.length > 0) opening.push(pick(random, ECHOES)(inWords(noticed)))
  if (turn > 1) opening.push(`This is turn ${turn} of our conversation.`)
  const closing = pick(random, CLOSINGS)

  const spent = countWords(opening.join(' ')) + countWords(closing)
  const wanted = range.min + random() * (range.max - range.min) - spent
  const middle = take(musings(book(), topics, random), wanted, range.max - spent)
  return [opening.join(' '), ...middle, closing].join('\n\n')
}

/** Paragraphs of at least `wanted` words, unless one more sentence would make them more than `most`. */
function take(paragraphs: Iterable<Iterable<string>>, wanted: number, most: number): string[] {
  const taken: string[] = []
  let words = 0
  for (const sentences of paragraphs) {
    const paragraph: string[] = []
    for (const sentence of sentences) {
      if (words >= wanted || words + countWords(sentence) > most) break
      paragraph.push(sentence)
      words += countWords(sentence)
    }
    if (paragraph.length > 0) taken.push(paragraph.join(' '))
    if (words >= wanted || paragraph.length === 0) break
  }
  return taken
}

/** Paragraphs without end: first those that are near the topics, then all the others, then again. */
function* musings({ paragraphs, sentence }: Chain, topics: ReadonlySet<string>, random: Random): Generator<string[]> {
  for (;;) {
    const said = new Set<string>()
    for (const { sentences } of inOrderOfInterest(paragraphs, topics, random)) {
      const fresh = sentences.map((start) => sentence(start, topics, random)).filter((text) => !said.has(text))
      for (const text of fresh) said.add(text)
      yield [...new Set(fresh)]
    }
  }
}

function inOrderOfInterest(
  paragraphs: readonly Paragraph[],
  topics: ReadonlySet<string>,
  random: Random,
): readonly Paragraph[] {
  const ranked = paragraphs.map((paragraph) => {
    const shared = [...topics].filter((topic) => paragraph.keys.has(topic)).length
    return { paragraph, rank: random() + Math.min(shared, 3) }
  })
  return ranked.sort((a, b) => b.rank - a.rank).map(({ paragraph }) => paragraph)
}

function inWords(list: readonly string[]): string {
  const quoted = list.map((word) => `"${word}"`)
  return quoted.length === 1 ? `${quoted[0]}` : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`
}

function countWords(text: string): number {
  return text.split(' ').length
}
