import type { Provider } from '@sse-from-scratch/llm-stream'
import { FAULTS } from './faults.ts'
import { Refusal } from './refusal.ts'
import { assertRunName } from './runs.ts'
import type { Target, Targets } from './targets.ts'

/** UTF-8 bytes of prompt one URL may carry. Percent-encoding can triple them, and they must fit in {@link TARGET_SIZE}. */
export const PROMPT_SIZE: number = 16_000

/** Characters of the name of a model. */
export const MODEL_NAME_LENGTH: number = 200

/** Bytes of request-target the playground accepts: room for a whole prompt, percent-encoded. */
export const TARGET_SIZE: number = 64 * 1024

export interface Question {
  readonly prompt: string
  /** Who is asked, with the fault that was asked for. */
  readonly provider: Provider
  /** `undefined`: the first model its server lists. */
  readonly model: string | undefined
  readonly simulated: boolean
  /** The name of the run, if whoever asks wants to choose it: only then can its bytes be watched. */
  readonly run: string | undefined
}

/**
 * Reads `/events?prompt=…&wire=…&model=…&fault=…&run=…`; throws a {@link Refusal} with a sentence for whoever asked.
 */
export function readQuestion(query: URLSearchParams, targets: Targets): Question {
  const prompt = (query.get('prompt') ?? '').trim()
  if (prompt === '') throw new Refusal(400, 'The prompt is empty. Ask something: /events?prompt=hello')
  const size = Buffer.byteLength(prompt)
  if (size > PROMPT_SIZE) {
    throw new Refusal(414, `The prompt is ${size} bytes long; a URL carries at most ${PROMPT_SIZE} here.`)
  }
  const target = targetIn(query, targets)
  const run = query.get('run') ?? undefined
  if (run !== undefined) assertRunName(run)
  const model = modelIn(query) ?? target.model
  return { prompt, provider: providerIn(query, target), model, simulated: target.simulated, run }
}

/** Who is meant by `wire=NAME`; without one, the first of all. */
export function targetIn(query: URLSearchParams, targets: Targets): Target {
  const names = Object.keys(targets)
  const wire = query.get('wire') ?? names[0] ?? ''
  const target = Object.hasOwn(targets, wire) ? targets[wire] : undefined
  if (target) return target
  throw new Refusal(400, `There is no wire format ${JSON.stringify(wire)}; use one of ${names.join(', ')}.`)
}

function modelIn(query: URLSearchParams): string | undefined {
  const model = query.get('model')?.trim() || undefined
  if (model === undefined) return undefined
  if (model.length <= MODEL_NAME_LENGTH && /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u.test(model)) return model
  throw new Refusal(400, `The name of a model has at most ${MODEL_NAME_LENGTH} characters, all of them visible.`)
}

function providerIn(query: URLSearchParams, { provider, withFault }: Target): Provider {
  const name = query.get('fault') ?? ''
  if (name === '') return provider
  const fault = Object.hasOwn(FAULTS, name) ? FAULTS[name] : undefined
  if (!fault) {
    throw new Refusal(400, `There is no fault ${JSON.stringify(name)}; use one of ${Object.keys(FAULTS).join(', ')}.`)
  }
  if (!withFault) throw new Refusal(400, 'Nothing goes wrong on demand with a real model; ask the simulator.')
  return withFault(fault)
}
