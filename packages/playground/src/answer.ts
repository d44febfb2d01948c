import {
  type Chat,
  firstModel,
  LlmError,
  type LlmEvent,
  type Outcome,
  type StreamMetrics,
  secretsIn,
  streamChat,
} from '@sse-from-scratch/llm-stream'
import type { EventLog } from './log.ts'
import type { Run } from './runs.ts'
import { createTappedTransport } from './tapped-transport.ts'
import type { Target } from './targets.ts'

/** Tokens one answer may have. */
export const MAX_TOKENS: number = 1024

/**
 * Asks the model and writes what it says into `run.answer`, one event per delta,
 * and the bytes it said it with into `run.bytes`. A model that fails is an event
 * like the others, and `end` is always the last one.
 */
export async function answer(run: Run, prompt: string, { provider, model }: Target): Promise<void> {
  const { signal } = run.stop
  let name: string
  try {
    name = model ?? (await firstModel(provider, { signal }))
  } catch (error) {
    if (!(error instanceof LlmError || signal.aborted)) throw error
    conclude(run, {
      complete: false,
      error: error instanceof LlmError ? error : new LlmError('LLM_ABORTED', 'aborted'),
    })
    return
  }

  const chat: Chat = { model: name, messages: [{ role: 'user', content: prompt }], maxTokens: MAX_TOKENS }
  const secrets = secretsIn(provider.request(chat).headers).filter(({ length }) => length >= LEAST_SECRET)
  const tapped = createTappedTransport(run, secrets)
  run.answer.append('start', { model: name, provider: provider.name })
  const stream = streamChat(provider, chat, { transport: tapped.transport, signal })
  try {
    for await (const event of stream) tell(run.answer, event)
  } catch (error) {
    if (!(error instanceof LlmError)) throw error // and of an LlmError, the outcome knows more
  }
  conclude(run, await stream.outcome)
  await tapped.closed()
}

/** Shorter keys are no secrets but placeholders (`none`, `ollama`), and words that an answer may well contain. */
const LEAST_SECRET = 8

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

type Conclusion = Pick<Outcome, 'complete' | 'error'> & Partial<Pick<Outcome, 'stopReason' | 'usage' | 'metrics'>>

function conclude({ answer, stop }: Run, { complete, stopReason, error, usage, metrics }: Conclusion): void {
  const why = stop.signal.aborted ? (stop.signal.reason as Error).message : error?.message
  if (error) answer.conclude('failure', { code: error.code, message: why })
  answer.conclude('end', { complete, stopReason, usage, metrics: rounded(metrics ?? {}) })
}

/** Tenths are as much as anybody reads. */
function rounded(metrics: Partial<StreamMetrics>): Partial<StreamMetrics> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Math.round(value * 10) / 10]))
}
