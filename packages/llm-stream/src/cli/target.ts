import { describeEnv, modelFromEnv, providerFromEnv } from '../env.ts'
import type { Provider } from '../provider.ts'
import { anthropic } from '../providers/anthropic.ts'
import { openai } from '../providers/openai.ts'
import { startSimulator } from '../simulator/index.ts'
import { type ChatOptions, UsageError } from './options.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Who is asked, and by what name. */
export interface Target extends AsyncDisposable {
  readonly provider: Provider
  readonly model: string
  /** Whether nobody real is asked: the simulator runs in this process until the target is disposed of. */
  readonly simulated: boolean
  /** Settings of the environment that change nothing, a sentence for each. */
  readonly notes: readonly string[]
}

/** @throws UsageError for an address or a key that cannot work */
export async function findTarget(options: ChatOptions, env: Env, signal: AbortSignal): Promise<Target> {
  const rest = notOverruled(options, env)
  const provider = providerFor(options, rest)
  const notes = options.baseUrl === undefined ? describeEnv(rest) : []
  if (!provider) return simulate(options, notes)
  const model = options.model ?? (await modelFromEnv(provider, env, { signal }))
  return { provider, model, simulated: false, notes, [Symbol.asyncDispose]: async () => {} }
}

/** The environment without what the options overrule. */
function notOverruled({ provider, model }: ChatOptions, env: Env): Env {
  const other = { openai: 'ANTHROPIC_', anthropic: 'OPENAI_', none: undefined }[provider ?? 'none']
  const isOverruled = (name: string) =>
    (other !== undefined && name.startsWith(other)) || (model !== undefined && name === 'LLM_MODEL')
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOverruled(name)))
}

async function simulate(options: ChatOptions, notes: readonly string[]): Promise<Target> {
  const simulator = await startSimulator()
  const provider = options.provider === 'anthropic' ? anthropic : openai
  return {
    provider: provider({ baseUrl: simulator.url }),
    model: options.model ?? 'simulator',
    simulated: true,
    notes,
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  }
}

function providerFor(options: ChatOptions, env: Env): Provider | undefined {
  try {
    return choose(options, env)
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message)
    throw error
  }
}

/** A key is still only sent to the server it is named after. */
function choose({ provider, baseUrl }: ChatOptions, env: Env): Provider | undefined {
  const address = baseUrl ?? (env['LLM_BASE_URL']?.trim() || undefined)
  if (address === undefined) return providerFromEnv(env)
  const apiKey = env['LLM_API_KEY']?.trim()
  const baseUrlName = baseUrl === undefined ? 'LLM_BASE_URL' : '--base-url'
  const dialect = provider === 'anthropic' ? anthropic : openai
  return dialect({ baseUrl: address, baseUrlName, keyName: 'LLM_API_KEY', ...(apiKey && { apiKey }) })
}
