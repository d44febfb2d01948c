import type { Transport } from '@sse-from-scratch/sse-client'
import { firstModel } from './first-model.ts'
import type { Provider, ProviderOptions } from './provider.ts'
import { anthropic } from './providers/anthropic.ts'
import { gemini } from './providers/gemini.ts'
import { ollama } from './providers/ollama.ts'
import { openai } from './providers/openai.ts'
import { openaiResponses } from './providers/openai-responses.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Every dialect, with the name that its variables begin with. In this order they are looked for. */
const dialects = {
  openai: { make: openai, vendor: 'OPENAI' },
  'openai-responses': { make: openaiResponses, vendor: 'OPENAI' },
  anthropic: { make: anthropic, vendor: 'ANTHROPIC' },
  gemini: { make: gemini, vendor: 'GEMINI' },
  ollama: { make: ollama, vendor: 'OLLAMA' },
} as const
const VENDORS = ['OPENAI', 'ANTHROPIC', 'GEMINI', 'OLLAMA'] as const

/**
 * The provider the environment asks for, or `undefined` if it asks for none. In this order:
 *
 * - `LLM_BASE_URL`, with `LLM_API_KEY` if it wants one: any server compatible with OpenAI, as in `http://localhost:1234/v1`
 * - `OPENAI_API_KEY`, at `OPENAI_BASE_URL` if that is set; so for `ANTHROPIC_`, `GEMINI_` and `OLLAMA_`
 * - `OPENAI_BASE_URL`, `ANTHROPIC_BASE_URL`, `GEMINI_BASE_URL`, `OLLAMA_BASE_URL` without a key: many local servers want none
 *
 * `LLM_PROVIDER` (`openai`, `openai-responses`, `anthropic`, `gemini`, `ollama`) says what the server at `LLM_BASE_URL`
 * speaks; without that, which of the others is asked, whether or not it has a key.
 * A key is only ever sent to the server it is named after.
 *
 * @throws TypeError for a base URL, a key or an `LLM_PROVIDER` that cannot work; it names the variable
 */
export function providerFromEnv(env: Env = process.env): Provider | undefined {
  const llm = settingsOf(env, 'LLM')
  const asked = dialectIn(env)
  if (llm.baseUrl !== undefined) return (asked ?? dialects.openai).make(llm)
  if (asked) return asked.make(settingsOf(env, asked.vendor))
  const vendor =
    VENDORS.find((name) => setting(env, `${name}_API_KEY`) !== undefined) ??
    VENDORS.find((name) => setting(env, `${name}_BASE_URL`) !== undefined)
  const found = Object.values(dialects).find((dialect) => dialect.vendor === vendor)
  return found?.make(settingsOf(env, found.vendor))
}

function dialectIn(env: Env): (typeof dialects)[keyof typeof dialects] | undefined {
  const name = setting(env, 'LLM_PROVIDER')
  if (name === undefined) return undefined
  if (!Object.hasOwn(dialects, name)) {
    throw new TypeError(`LLM_PROVIDER must be one of ${Object.keys(dialects).join(', ')}`)
  }
  return dialects[name as keyof typeof dialects]
}

/** Key and base URL as two variables of the environment have them, with their names. */
function settingsOf(env: Env, vendor: string): ProviderOptions {
  const keyName = `${vendor}_API_KEY`
  const baseUrlName = `${vendor}_BASE_URL`
  const apiKey = setting(env, keyName)
  const baseUrl = setting(env, baseUrlName)
  return { keyName, ...(apiKey !== undefined && { apiKey }), ...(baseUrl !== undefined && { baseUrl, baseUrlName }) }
}

function setting(env: Env, name: string): string | undefined {
  return env[name]?.trim() || undefined
}

/** The settings that change nothing as things are, one sentence for each, for whoever starts a program. Without values. */
export function describeEnv(env: Env = process.env): readonly string[] {
  const has = (name: string) => setting(env, name) !== undefined
  const asked = [
    'LLM_BASE_URL',
    'LLM_PROVIDER',
    ...VENDORS.flatMap((vendor) => [`${vendor}_API_KEY`, `${vendor}_BASE_URL`]),
  ]
  const sentences = {
    'LLM_MODEL is ignored: the simulator has one model.': has('LLM_MODEL') && !asked.some(has),
    'LLM_API_KEY is ignored: it belongs to LLM_BASE_URL, which is not set.': has('LLM_API_KEY') && !has('LLM_BASE_URL'),
    'OPENAI_BASE_URL is ignored: LLM_BASE_URL comes first.': has('OPENAI_BASE_URL') && has('LLM_BASE_URL'),
  }
  return Object.entries(sentences).flatMap(([sentence, holds]) => (holds ? [sentence] : []))
}

/**
 * The model to use: `LLM_MODEL`, else the provider's cheap default, else the first one its server lists.
 *
 * Rejects with the `LlmError` of `firstModel`, if it comes to that.
 */
export async function modelFromEnv(
  provider: Provider,
  env: Env = process.env,
  options: { readonly transport?: Transport; readonly signal?: AbortSignal } = {},
): Promise<string> {
  return setting(env, 'LLM_MODEL') ?? provider.defaultModel ?? (await firstModel(provider, options))
}
