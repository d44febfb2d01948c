import { type Flags, type Parsed, parseFlags as parse, UsageError } from '@sse-from-scratch/llm-stream/command'
import { nearestWord } from '../faults/nearest-word.ts'

export { numberIn, UsageError, wholeNumberIn } from '@sse-from-scratch/llm-stream/command'

/** The words behind a verb. @throws UsageError for an option that there is not, or that lacks its value */
export function parseFlags<F extends Flags>(argv: readonly string[], options: F): Parsed<F> {
  try {
    return parse(argv, options)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const [, unknown] = /^Unknown option '(-[^' ]*)/.exec(error.message) ?? []
    throw unknown === undefined ? inOneLine(error) : unknownOption(unknown, Object.keys(options))
  }
}

/** What Node says of it is several lines. */
function inOneLine({ message }: UsageError): UsageError {
  return new UsageError(message.replace(/\s*\n\s*/g, ' '))
}

function unknownOption(option: string, names: readonly string[]): UsageError {
  const near = nearestWord(option.replace(/^-+/, ''), names)
  return new UsageError(`there is no option ${option}${near === undefined ? '' : `; did you mean --${near}?`}`)
}

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
