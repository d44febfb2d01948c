import type { Transport } from '@sse-from-scratch/sse-client'
import { firstModel } from './first-model.ts'
import type { Provider, ProviderOptions } from './provider.ts'
import { anthropic } from './providers/anthropic.ts'
import { openai } from './providers/openai.ts'

type Env = Readonly<Record<string, string | undefined>>

/**
 * The provider the environment asks for, or `undefined` if it asks for none. In this order:
 *
 * - `LLM_BASE_URL`, with `LLM_API_KEY` if it wants one: any server compatible with OpenAI, as in `http://localhost:1234/v1`
 * - `OPENAI_API_KEY`, at `OPENAI_BASE_URL` if that is set
 * - `ANTHROPIC_API_KEY`, at `ANTHROPIC_BASE_URL` if that is set
 * - `OPENAI_BASE_URL`, then `ANTHROPIC_BASE_URL`, without a key: many local servers want none
 *
 * A key is only ever sent to the server it is named after.
 *
 * @throws TypeError for a base URL or a key that cannot work; it names the variable
 */
export function providerFromEnv(env: Env = process.env): Provider | undefined {
  const settings = (vendor: string) => settingsOf(env, vendor)
  const [llm, ofOpenai, ofAnthropic] = [settings('LLM'), settings('OPENAI'), settings('ANTHROPIC')]
  if (llm.baseUrl !== undefined) return openai(llm)
  if (ofOpenai.apiKey !== undefined) return openai(ofOpenai)
  if (ofAnthropic.apiKey !== undefined) return anthropic(ofAnthropic)
  if (ofOpenai.baseUrl !== undefined) return openai(ofOpenai)
  return ofAnthropic.baseUrl === undefined ? undefined : anthropic(ofAnthropic)
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
    ...['OPENAI', 'ANTHROPIC'].flatMap((vendor) => [`${vendor}_API_KEY`, `${vendor}_BASE_URL`]),
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
