import { type ParseArgsConfig, parseArgs } from 'node:util'

/** What is wrong with the command line; its message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const PROVIDERS = ['openai', 'openai-responses', 'anthropic', 'gemini', 'ollama'] as const
export type ProviderName = (typeof PROVIDERS)[number]

export const VERBS = ['chat', 'compare', 'simulate', 'replay'] as const
export type Verb = (typeof VERBS)[number]

/** The verb is the first word, if it is one; else everything is for `chat`, also a prompt of one word. */
export function verbOf(argv: readonly string[]): { readonly verb: Verb; readonly rest: readonly string[] } {
  const verb = VERBS.find((name) => name === argv[0])
  return verb ? { verb, rest: argv.slice(1) } : { verb: 'chat', rest: argv }
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

/** @throws UsageError for a name that is none of ours */
export function providerName(name: string, flag: string): ProviderName {
  const known = PROVIDERS.find((each) => each === name)
  if (known) return known
  throw new UsageError(`${flag} is one of ${PROVIDERS.join(', ')}, not ${JSON.stringify(name)}`)
}

/** @throws UsageError for what is no number, or not in its range */
export function numberIn(text: string | undefined, flag: string, min: number, max: number): number | undefined {
  if (text === undefined) return undefined
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (number >= min && number <= max) return number
  throw new UsageError(`${flag} is a number from ${min} to ${max}, not ${JSON.stringify(text)}`)
}

export function wholeNumberIn(text: string | undefined, flag: string, min: number, max: number): number | undefined {
  const number = numberIn(text, flag, min, max)
  if (number === undefined || Number.isInteger(number)) return number
  throw new UsageError(`${flag} is a whole number, not ${JSON.stringify(text)}`)
}
