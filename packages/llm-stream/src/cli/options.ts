import { UsageError } from '../command/index.ts'

export { numberIn, parseFlags, UsageError, wholeNumberIn } from '../command/index.ts'

export const PROVIDERS = ['openai', 'openai-responses', 'anthropic', 'gemini', 'ollama'] as const
export type ProviderName = (typeof PROVIDERS)[number]

export const VERBS = ['chat', 'compare', 'simulate', 'replay'] as const
export type Verb = (typeof VERBS)[number]

/** The verb is the first word, if it is one; else everything is for `chat`, also a prompt of one word. */
export function verbOf(argv: readonly string[]): { readonly verb: Verb; readonly rest: readonly string[] } {
  const verb = VERBS.find((name) => name === argv[0])
  return verb ? { verb, rest: argv.slice(1) } : { verb: 'chat', rest: argv }
}

/** @throws UsageError for a name that is none of ours */
export function providerName(name: string, flag: string): ProviderName {
  const known = PROVIDERS.find((each) => each === name)
  if (known) return known
  throw new UsageError(`${flag} is one of ${PROVIDERS.join(', ')}, not ${JSON.stringify(name)}`)
}
