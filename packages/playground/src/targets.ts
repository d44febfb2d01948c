import { anthropic, modelFromEnv, openai, type Provider, providerFromEnv } from '@sse-from-scratch/llm-stream'
import type { Wire } from './question.ts'

/** Who answers over one wire format. */
export interface Target {
  readonly provider: Provider
  readonly model: string
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
export async function withRealModels(simulated: Targets, env: Env): Promise<Targets> {
  const isAnthropic = (name: string) => name.startsWith('ANTHROPIC_')
  const only = (keep: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(env).filter(([name]) => keep(name)))
  return {
    openai: (await realTarget(only((name) => !isAnthropic(name)))) ?? simulated.openai,
    anthropic: (await realTarget(only((name) => isAnthropic(name) || name === 'LLM_MODEL'))) ?? simulated.anthropic,
  }
}

async function realTarget(env: Env): Promise<Target | undefined> {
  const provider = providerFromEnv(env)
  return provider && { provider, model: await modelFromEnv(provider, env), simulated: false }
}
