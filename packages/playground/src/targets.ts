import {
  anthropic,
  firstModel,
  gemini,
  ollama,
  openai,
  openaiResponses,
  type Provider,
  type ProviderOptions,
  providerFromEnv,
} from '@sse-from-scratch/llm-stream'
import { FAULT_FIELD, type Fault } from './faults.ts'

/** Who answers over one wire format. */
export interface Target {
  readonly provider: Provider
  /** What to ask for; `undefined`: the first model its server lists, looked up with each question. */
  readonly model: string | undefined
  /** `true` for the embedded simulator. */
  readonly simulated: boolean
  /** The same, with something going wrong: the simulator only. */
  readonly withFault?: (fault: Fault) => Provider
}

/** By the name that a question calls it: `/events?wire=NAME`. */
export type Targets = Readonly<Record<string, Target>>

/** What the wire formats are called, by the names of their providers. */
const LABELS: Readonly<Record<string, string>> = {
  openai: 'OpenAI Chat Completions',
  'openai-responses': 'OpenAI Responses',
  anthropic: 'Anthropic Messages',
  gemini: 'Gemini',
  ollama: 'Ollama',
}

export function labelOf({ provider, simulated }: Target, all: Targets): string {
  const label = LABELS[provider.name] ?? provider.name
  const both = Object.values(all).filter((other) => other.provider.name === provider.name).length > 1
  return both ? `${label} (${simulated ? 'simulator' : 'real'})` : label
}

/** All wire formats, spoken by the simulator at `url`. */
export function simulatedTargets(url: string): Targets {
  return {
    openai: simulated(openai, `${url}/v1`),
    'openai-responses': simulated(openaiResponses, `${url}/v1`),
    anthropic: simulated(anthropic, url),
    gemini: simulated(gemini, `${url}/v1beta`),
    ollama: simulated(ollama, url),
  }
}

function simulated(make: (options: ProviderOptions) => Provider, baseUrl: string): Target {
  let question = 0
  return {
    provider: make({ baseUrl }),
    model: 'simulator',
    simulated: true,
    withFault: (fault) => make({ baseUrl, headers: { [FAULT_FIELD]: fault.spec(question++) } }),
  }
}

type Env = Readonly<Record<string, string | undefined>>

/** Whose variables are looked at together: the first server that answers over a wire format keeps it. */
const VENDORS = ['LLM', 'OPENAI', 'ANTHROPIC', 'GEMINI', 'OLLAMA'] as const

/**
 * The same with real models wherever `env` has a key or an address for one. They take the names of their wire formats;
 * the simulator goes on under `simulated-NAME`, because nothing goes wrong on demand with a real one.
 */
export function withRealModels(simulators: Targets, env: Env): Targets {
  const named = providerFromEnv(env)?.name
  const real = new Map<string, Target>()
  for (const vendor of VENDORS) {
    for (const provider of providersOf(vendor, env)) {
      if (real.has(provider.name)) continue
      // LLM_MODEL is a model of whoever answers first; the other vendors would not know it.
      const model = (provider.name === named && env['LLM_MODEL']?.trim()) || provider.defaultModel
      real.set(provider.name, { provider, model, simulated: false })
    }
  }
  const replaced = Object.entries(simulators).filter(([name]) => real.has(name))
  return {
    ...Object.fromEntries(real),
    ...Object.fromEntries(Object.entries(simulators).filter(([name]) => !real.has(name))),
    ...Object.fromEntries(replaced.map(([name, target]) => [`simulated-${name}`, target])),
  }
}

function providersOf(vendor: (typeof VENDORS)[number], env: Env): Provider[] {
  const own = Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => name.startsWith(`${vendor}_`) || (vendor === 'LLM' && name === 'LLM_PROVIDER'),
    ),
  )
  if (vendor === 'LLM' && !own['LLM_BASE_URL']?.trim()) return []
  const provider = providerFromEnv(own)
  if (!provider) return []
  const apiKey = own['OPENAI_API_KEY']?.trim()
  // Many servers are compatible with Chat Completions; Responses are taken for granted at OpenAI's own address only.
  const alsoResponses = vendor === 'OPENAI' && apiKey && !own['OPENAI_BASE_URL']?.trim()
  return alsoResponses ? [provider, openaiResponses({ apiKey })] : [provider]
}

/** Why a real model will not answer as things are, a sentence for each; nothing is sent that costs. */
export async function troubleWith(targets: Targets): Promise<string[]> {
  const unnamed = Object.values(targets).filter(({ model }) => model === undefined)
  const sentences = unnamed.map(({ provider }) =>
    firstModel(provider, { timeout: 3000 }).then(
      () => [],
      (error: Error) => [error.message],
    ),
  )
  return (await Promise.all(sentences)).flat()
}
