import { type ParseArgsConfig, parseArgs } from 'node:util'

/** What is wrong with a command line; its message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The options of a command, as `parseArgs` of node:util has them. */
export type Flags = NonNullable<ParseArgsConfig['options']>

/** What was typed: the values of the options, and the words that are none. */
export type Parsed<F extends Flags> = ReturnType<
  typeof parseArgs<{ args: string[]; allowPositionals: true; options: F }>
>

/**
 * Reads the words behind a command.
 *
 * @throws UsageError for an option that there is not, or that lacks its value
 */
export function parseFlags<F extends Flags>(argv: readonly string[], options: F): Parsed<F> {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

/**
 * The number that was typed behind `flag`, if one was.
 *
 * @throws UsageError for what is no number, or not in its range
 */
export function numberIn(text: string | undefined, flag: string, min: number, max: number): number | undefined {
  if (text === undefined) return undefined
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (number >= min && number <= max) return number
  throw new UsageError(`${flag} is a number from ${min} to ${max}, not ${JSON.stringify(text)}`)
}

/**
 * The whole number that was typed behind `flag`, if one was.
 *
 * @throws UsageError for what is no whole number, or not in its range
 */
export function wholeNumberIn(text: string | undefined, flag: string, min: number, max: number): number | undefined {
  const number = numberIn(text, flag, min, max)
  if (number === undefined || Number.isInteger(number)) return number
  throw new UsageError(`${flag} is a whole number, not ${JSON.stringify(text)}`)
}
