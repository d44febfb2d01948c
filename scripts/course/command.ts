import type { Desk } from './desk.ts'

/** A command of the course. */
export interface Command {
  readonly name: string
  /** Behind its name: `[id|phase|all] [--json]`. */
  readonly usage: string
  /** What it does, in a line of the list of commands. */
  readonly summary: string
  /** What else its own help says. */
  readonly help?: string
  /** Its options, and whether a value belongs to them. */
  readonly options?: Readonly<Record<string, 'flag' | 'value'>>
  /** The most words that it takes. Default 1. */
  readonly words?: number
  /** For those who write exercises, not for those who solve them. */
  readonly forAuthors?: boolean
  /**
   * @returns the exit code
   * @throws Sentence when it cannot be done, WrongUsage when it was not asked for rightly
   */
  run(given: Given, desk: Desk): Promise<number> | number
}

/** The words behind a command: what it is about, and its options. */
export interface Given {
  readonly words: readonly string[]
  readonly flags: ReadonlySet<string>
  readonly values: ReadonlyMap<string, string>
}
