import { UsageError } from '@sse-from-scratch/llm-stream/command'

export { numberIn, parseFlags, UsageError, wholeNumberIn } from '@sse-from-scratch/llm-stream/command'

/** @throws UsageError for none, or several */
export function onlyOne(words: readonly string[], what: string): string {
  const [word, another] = words
  if (word === undefined) throw new UsageError(`${what} is missing`)
  if (another !== undefined) throw new UsageError(`one ${what} only: what is ${JSON.stringify(another)}?`)
  return word
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
