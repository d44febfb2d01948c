import {
  type Chat,
  firstModel,
  LlmError,
  type LlmEvent,
  type Outcome,
  type Provider,
  type StreamMetrics,
  secretsIn,
  streamChat,
} from '@sse-from-scratch/llm-stream'
import type { EventLog } from './log.ts'
import type { Question } from './question.ts'
import type { Run } from './run.ts'
import { createTappedDial } from './tapped-dial.ts'

/** Tokens one answer may have. */
export const MAX_TOKENS: number = 1024

/** Milliseconds without a token after which the simulator is given up: it is near, and is told to be silent at times. */
export const SIMULATOR_PATIENCE: number = 3000

/** Milliseconds between two measurements that are told while the answer comes. */
const METRICS_INTERVAL = 500

/** Milliseconds a busy model may ask us to wait before the next attempt. Longer is said, not waited. */
const LONGEST_WAIT = 10_000

/**
 * Asks the model and writes what it says into `run.answer`, one event per delta,
 * and the bytes it said it with into `run.bytes`. A model that fails is an event
 * like the others, and `end` is always the last one.
 */
export async function answer(run: Run, { prompt, provider, model, simulated }: Question): Promise<void> {
  const { signal } = run.stop
  let name: string
  try {
    name = model ?? (await firstModel(provider, { signal }))
  } catch (error) {
    if (!(error instanceof LlmError || signal.aborted)) throw error
    const aborted = new LlmError('LLM_ABORTED', 'aborted')
    conclude(run, { complete: false, error: error instanceof LlmError ? error : aborted, attempts: 0 })
    return
  }

  const chat: Chat = { model: name, messages: [{ role: 'user', content: prompt }], maxTokens: MAX_TOKENS }
  const request = provider.request(chat)
  const secrets = secretsIn(request.headers).filter(({ length }) => length >= LEAST_SECRET)
  const tapped = createTappedDial(run, secrets)
  run.answer.append('start', { model: name, provider: provider.name, path: pathOf(provider, request.path, simulated) })
  const stream = streamChat(provider, chat, {
    dial: tapped.dial,
    signal,
    timeouts: simulated ? { progress: SIMULATOR_PATIENCE, idle: SIMULATOR_PATIENCE } : {},
    retry: {
      maxDelay: LONGEST_WAIT,
      onRetry: ({ attempt, delay, error }) =>
        run.answer.append('retry', { attempt, delay: Math.round(delay), code: error.code, message: error.message }),
    },
  })
  let measured = performance.now()
  try {
    for await (const event of stream) {
      tell(run.answer, event)
      if (performance.now() - measured < METRICS_INTERVAL) continue
      measured = performance.now()
      run.answer.append('metrics', rounded(stream.metrics))
    }
  } catch (error) {
    if (!(error instanceof LlmError)) throw error // and of an LlmError, the outcome knows more
  }
  const outcome = await stream.outcome
  if (outcome.complete) conclude(run, outcome)
  await tapped.closed()
  if (outcome.error) {
    run.mark('model', 'failure', `${outcome.error.code}: ${whyOf(run, outcome.error)}`)
    conclude(run, outcome)
  }
}

/** Shorter keys are no secrets but placeholders (`none`, `ollama`), and words that an answer may well contain. */
const LEAST_SECRET = 8

/** Where the question goes. The address of a real server is nobody's business but its user's. */
function pathOf({ baseUrl }: Provider, path: string, simulated: boolean): string {
  return simulated ? new URL(baseUrl).pathname.replace(/\/$/, '') + path : path
}

function tell(log: EventLog, event: LlmEvent): void {
  switch (event.kind) {
    case 'text':
      log.append('token', { delta: event.text })
      break
    case 'reasoning':
    case 'refusal':
      log.append(event.kind, { delta: event.text })
      break
    case 'usage':
      log.append('usage', event.usage)
      break
    case 'start': // said before the first byte came
    case 'stop': // said by `end`
    case 'tool-call': // the playground offers no tools
    case 'citation':
      break
  }
}

type Conclusion = Pick<Outcome, 'complete' | 'error' | 'attempts'> &
  Partial<Pick<Outcome, 'stopReason' | 'usage' | 'metrics'>>

function conclude(run: Run, { complete, stopReason, error, usage, metrics, attempts }: Conclusion): void {
  if (error) run.answer.conclude('failure', { code: error.code, message: whyOf(run, error) })
  run.answer.conclude('end', { complete, stopReason, usage, attempts, metrics: rounded(metrics ?? {}) })
}

/** Of an answer that we stopped, why we did. */
function whyOf({ stop }: Run, error: LlmError): string {
  return stop.signal.aborted ? (stop.signal.reason as Error).message : error.message
}

/** Hundredths are more than anybody reads. */
function rounded(metrics: Partial<StreamMetrics>): Partial<StreamMetrics> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Math.round(value * 100) / 100]))
}
