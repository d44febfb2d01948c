import { type ParseArgsConfig, parseArgs } from 'node:util'

/** What is wrong with the command line; its message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

type Flags = NonNullable<ParseArgsConfig['options']>
type Parsed<F extends Flags> = ReturnType<typeof parseArgs<{ args: string[]; allowPositionals: true; options: F }>>

/** @throws UsageError for an option that there is not, or that lacks its value */
export function parseFlags<F extends Flags>(argv: readonly string[], options: F): Parsed<F> {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

/** @throws UsageError for none, or several */
export function onlyOne(words: readonly string[], what: string): string {
  const [word, another] = words
  if (word === undefined) throw new UsageError(`${what} is missing`)
  if (another !== undefined) throw new UsageError(`one ${what} only: what is ${JSON.stringify(another)}?`)
  return word
}

/** @throws UsageError for what is no number, or not in its range */
export function numberIn(text: string | undefined, flag: string, min: number, max: number): number | undefined {
  if (text === undefined) return undefined
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (number >= min && number <= max) return number
  throw new UsageError(`${flag} is a number from ${min} to ${max}, not ${JSON.stringify(text)}`)
}

/** @throws UsageError for what is no whole number, or not in its range */
export function wholeNumber(text: string | undefined, flag: string, min: number, max: number): number | undefined {
  const number = numberIn(text, flag, min, max)
  if (number === undefined || Number.isInteger(number)) return number
  throw new UsageError(`${flag} is a whole number, not ${JSON.stringify(text)}`)
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

/** Bytes, such as `64M`. @throws UsageError for what is no size */
export function byteSize(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([kmg]?)i?b?$/i.exec(text.trim()) ?? []
  if (digits !== undefined) return Math.round(Number(digits) * (UNITS[unit.toLowerCase()] as number))
  throw new UsageError(`${flag} is a number of bytes such as 64M, not ${JSON.stringify(text)}`)
}

/** @throws UsageError for a word that is none of them */
export function oneOf<Word extends string>(
  text: string | undefined,
  words: readonly Word[],
  flag: string,
): Word | undefined {
  if (text === undefined) return undefined
  const known = words.find((word) => word === text)
  if (known !== undefined) return known
  throw new UsageError(`${flag} is one of ${words.join(', ')}, not ${JSON.stringify(text)}`)
}
