import type { Provider } from '../provider.ts'
import { startSimulator } from '../simulator/index.ts'
import { DIALECTS, type Env } from './chosen-provider.ts'
import { type ProviderName, UsageError } from './options.ts'
import type { Racer } from './race.ts'
import { findTarget } from './target.ts'

/** Those who are asked the same, and what runs for them meanwhile. */
export interface Cast extends AsyncDisposable {
  readonly racers: readonly Racer[]
}

/** The key that is not one: it shows where a real one would be. */
const NO_KEY = 'sk-not-a-real-key'

/** The simulator for all of them. */
export async function simulatedRacers(names: readonly ProviderName[], speed: number | undefined): Promise<Cast> {
  const simulator = await startSimulator(speed === undefined ? {} : { tokensPerSecond: speed })
  return {
    racers: names.map((name) => ({
      name,
      model: 'simulator',
      provider: DIALECTS[name].make({ baseUrl: simulator.url, apiKey: NO_KEY }),
    })),
    [Symbol.asyncDispose]: () => simulator.close(),
  }
}

/** The real services. Rejects with a UsageError for one that there is no key for. */
export async function realRacers(names: readonly ProviderName[], env: Env, signal: AbortSignal): Promise<Cast> {
  const racers: Racer[] = []
  for (const name of names) racers.push({ name, ...(await realTarget(name, env, signal)) })
  return { racers, [Symbol.asyncDispose]: async () => {} }
}

/** Its own settings only: a server at LLM_BASE_URL is one, and not two. */
async function realTarget(
  name: ProviderName,
  env: Env,
  signal: AbortSignal,
): Promise<{ readonly provider: Provider; readonly model: string }> {
  const own = Object.fromEntries(Object.entries(env).filter(([variable]) => !variable.startsWith('LLM_')))
  const target = await findTarget({ provider: name }, own, signal)
  if (!target.simulated) return target
  await target[Symbol.asyncDispose]()
  const { vendor } = DIALECTS[name]
  throw new UsageError(
    `there is no key for ${name}: set ${vendor}API_KEY, or ${vendor}BASE_URL for a server without one`,
  )
}
