import type { Transport } from '@sse-from-scratch/sse-client'
import { firstModel } from './first-model.ts'
import type { Provider } from './provider.ts'
import { anthropic } from './providers/anthropic.ts'
import { openai } from './providers/openai.ts'

type Env = Readonly<Record<string, string | undefined>>

/**
 * The provider the environment asks for, or `undefined` if it asks for none. In this order:
 *
 * - `LLM_BASE_URL`, with `LLM_API_KEY` if it wants one: any server compatible with OpenAI, as in `http://localhost:1234/v1`
 * - `OPENAI_API_KEY`, at `OPENAI_BASE_URL` if that is set
 * - `ANTHROPIC_API_KEY`, at `ANTHROPIC_BASE_URL` if that is set
 *
 * A key is only ever sent to the server it is named after.
 *
 * @throws TypeError for a base URL or a key that cannot work
 */
export function providerFromEnv(env: Env = process.env): Provider | undefined {
  const value = (name: string) => env[name]?.trim() || undefined
  const baseUrl = value('LLM_BASE_URL')
  if (baseUrl !== undefined) return openai({ baseUrl, ...named('LLM_API_KEY', value('LLM_API_KEY')) })
  const openaiKey = value('OPENAI_API_KEY')
  if (openaiKey !== undefined) return openai({ ...named('OPENAI_API_KEY', openaiKey), ...at(value('OPENAI_BASE_URL')) })
  const anthropicKey = value('ANTHROPIC_API_KEY')
  if (anthropicKey === undefined) return undefined
  return anthropic({ ...named('ANTHROPIC_API_KEY', anthropicKey), ...at(value('ANTHROPIC_BASE_URL')) })
}

function named(keyName: string, apiKey: string | undefined): { readonly keyName: string; readonly apiKey?: string } {
  return apiKey === undefined ? { keyName } : { keyName, apiKey }
}

function at(baseUrl: string | undefined): { readonly baseUrl?: string } {
  return baseUrl === undefined ? {} : { baseUrl }
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
  return env['LLM_MODEL']?.trim() || provider.defaultModel || (await firstModel(provider, options))
}
