import type { Dial } from '@sse-from-scratch/http-raw'
import { describeEnv, modelFromEnv } from '../env.ts'
import type { Provider } from '../provider.ts'
import { startSimulator } from '../simulator/index.ts'
import { withThinkTags } from '../think.ts'
import { DIALECTS, type Env, notOverruled, providerFor, type TargetOptions } from './chosen-provider.ts'

/** Who is asked, and by what name. */
export interface Target extends AsyncDisposable {
  readonly provider: Provider
  readonly model: string
  /** Whether nobody real is asked: the simulator runs in this process until the target is disposed of. */
  readonly simulated: boolean
  /** Settings of the environment that change nothing, a sentence for each. */
  readonly notes: readonly string[]
  /** How a connection is opened, if not over the network. */
  readonly dial?: Dial
  /** How often to ask at most, if not as usual. */
  readonly attempts?: number
}

/** Rejects with a UsageError for an address or a key that cannot work. */
export async function findTarget(options: TargetOptions, env: Env, signal: AbortSignal): Promise<Target> {
  const rest = notOverruled(options, env)
  const provider = providerFor(options, rest)
  const notes = options.baseUrl === undefined ? describeEnv(rest) : []
  if (!provider) return simulate(options, notes)
  const model = options.model ?? (await modelFromEnv(provider, env, { signal }))
  return {
    provider: thinking(provider, options),
    model,
    simulated: false,
    notes,
    [Symbol.asyncDispose]: async () => {},
  }
}

async function simulate(options: TargetOptions, notes: readonly string[]): Promise<Target> {
  const simulator = await startSimulator()
  const { make, vendor } = DIALECTS[options.provider ?? 'openai']
  return {
    provider: thinking(make({ baseUrl: simulator.url, keyName: `${vendor}API_KEY` }), options),
    model: options.model ?? 'simulator',
    simulated: true,
    notes,
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  }
}

function thinking(provider: Provider, { think }: TargetOptions): Provider {
  return think ? withThinkTags(provider) : provider
}
