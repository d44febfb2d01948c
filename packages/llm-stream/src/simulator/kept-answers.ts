import type { Answer, WireFormat } from './wire-format.ts'

/** An answer that may be asked for again. It is not kept as bytes: they can be made anew. */
export interface KeptAnswer {
  readonly answer: Answer
  readonly format: WireFormat
}

/** The last answers, by a name; the oldest is forgotten first. */
export interface KeptAnswers {
  keep(name: string, kept: KeptAnswer): void
  find(name: string): KeptAnswer | undefined
}

export function createKeptAnswers(most: number): KeptAnswers {
  const answers = new Map<string, KeptAnswer>()
  return {
    keep(name, kept) {
      answers.delete(name)
      answers.set(name, kept)
      const [oldest] = answers.keys()
      if (answers.size > most && oldest !== undefined) answers.delete(oldest)
    },
    find: (name) => answers.get(name),
  }
}
