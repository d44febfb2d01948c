import { anthropic, firstModel, openai, type Provider, providerFromEnv } from '@sse-from-scratch/llm-stream'
import type { Wire } from './question.ts'

/** Who answers over one wire format. */
export interface Target {
  readonly provider: Provider
  /** What to ask for; `undefined`: the first model its server lists, looked up with each question. */
  readonly model: string | undefined
  /** `true` for the embedded simulator. */
  readonly simulated: boolean
}

export type Targets = Readonly<Record<Wire, Target>>

/** Both wire formats, spoken by the simulator at `url`. */
export function simulatedTargets(url: string): Targets {
  return {
    openai: { provider: openai({ baseUrl: `${url}/v1` }), model: 'simulator', simulated: true },
    anthropic: { provider: anthropic({ baseUrl: url }), model: 'simulator', simulated: true },
  }
}

type Env = Readonly<Record<string, string | undefined>>

/** The same with real models in the place of the simulator, wherever `env` has a key or an address for one. */
export function withRealModels(simulated: Targets, env: Env): Targets {
  const isAnthropic = (name: string) => name.startsWith('ANTHROPIC_')
  const only = (keep: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(env).filter(([name]) => keep(name)))
  // LLM_MODEL is a model of whoever answers first; the other vendor would not know it.
  const named = providerFromEnv(env)?.name
  const target = (provider: Provider | undefined): Target | undefined => {
    if (!provider) return undefined
    const model = (provider.name === named && env['LLM_MODEL']?.trim()) || provider.defaultModel
    return { provider, model, simulated: false }
  }
  return {
    openai: target(providerFromEnv(only((name) => !isAnthropic(name)))) ?? simulated.openai,
    anthropic: target(providerFromEnv(only(isAnthropic))) ?? simulated.anthropic,
  }
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
