import { providerFromEnv } from '../env.ts'
import type { Provider, ProviderOptions } from '../provider.ts'
import { anthropic } from '../providers/anthropic.ts'
import { gemini } from '../providers/gemini.ts'
import { ollama } from '../providers/ollama.ts'
import { openai } from '../providers/openai.ts'
import { openaiResponses } from '../providers/openai-responses.ts'
import { type ProviderName, UsageError } from './options.ts'

export type Env = Readonly<Record<string, string | undefined>>

/** What the command line has to say about who is asked. */
export interface TargetOptions {
  readonly provider?: ProviderName | undefined
  readonly model?: string | undefined
  readonly baseUrl?: string | undefined
  readonly think?: boolean
}

interface Dialect {
  readonly make: (options: ProviderOptions) => Provider
  /** What its variables begin with. */
  readonly vendor: string
}

export const DIALECTS: Readonly<Record<ProviderName, Dialect>> = {
  openai: { make: openai, vendor: 'OPENAI_' },
  'openai-responses': { make: openaiResponses, vendor: 'OPENAI_' },
  anthropic: { make: anthropic, vendor: 'ANTHROPIC_' },
  gemini: { make: gemini, vendor: 'GEMINI_' },
  ollama: { make: ollama, vendor: 'OLLAMA_' },
}

const VENDORS = ['OPENAI_', 'ANTHROPIC_', 'GEMINI_', 'OLLAMA_']

/**
 * The provider that the command line and the environment come down to, if they name any.
 *
 * @throws UsageError for an address or a key that cannot work
 */
export function providerFor(options: TargetOptions, env: Env): Provider | undefined {
  try {
    return choose(options, env)
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message)
    throw error
  }
}

/** A key is still only sent to the server it is named after. */
function choose({ provider, baseUrl }: TargetOptions, env: Env): Provider | undefined {
  if (baseUrl === undefined && provider === undefined) return providerFromEnv(env)
  const address = baseUrl ?? (env['LLM_BASE_URL']?.trim() || undefined)
  if (address === undefined) return own(provider ?? 'openai', env)
  const apiKey = env['LLM_API_KEY']?.trim()
  const baseUrlName = baseUrl === undefined ? 'LLM_BASE_URL' : '--base-url'
  const { make } = DIALECTS[provider ?? 'openai']
  return make({ baseUrl: address, baseUrlName, keyName: 'LLM_API_KEY', ...(apiKey && { apiKey }) })
}

/** The provider with its own settings, if the environment has any. */
function own(name: ProviderName, env: Env): Provider | undefined {
  const { make, vendor } = DIALECTS[name]
  const keyName = `${vendor}API_KEY`
  const baseUrlName = `${vendor}BASE_URL`
  const apiKey = env[keyName]?.trim()
  const baseUrl = env[baseUrlName]?.trim()
  if (!apiKey && !baseUrl) return undefined
  return make({ keyName, ...(apiKey && { apiKey }), ...(baseUrl && { baseUrl, baseUrlName }) })
}

/** The environment without what the options overrule. */
export function notOverruled({ provider, model }: TargetOptions, env: Env): Env {
  const own = provider && DIALECTS[provider].vendor
  const overruled = (name: string) =>
    (own !== undefined && VENDORS.some((vendor) => vendor !== own && name.startsWith(vendor))) ||
    (provider !== undefined && name === 'LLM_PROVIDER') ||
    (model !== undefined && name === 'LLM_MODEL')
  return Object.fromEntries(Object.entries(env).filter(([name]) => !overruled(name)))
}
