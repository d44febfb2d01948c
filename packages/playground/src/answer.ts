import { dial } from '@sse-from-scratch/http-raw'
import { LlmError, type LlmEvent, type Outcome, type StreamMetrics, streamChat } from '@sse-from-scratch/llm-stream'
import { rawTransport } from '@sse-from-scratch/sse-client/raw'
import { tap } from '@sse-from-scratch/wire-xray'
import type { EventLog } from './log.ts'
import type { Run } from './runs.ts'
import type { Target } from './targets.ts'
import { createWireRecorder } from './wire.ts'

/** Tokens one answer may have. */
export const MAX_TOKENS: number = 1024

/**
 * Asks the model and writes what it says into `run.answer`, one event per delta,
 * and the bytes it said it with into `run.bytes`. A model that fails is an event
 * like the others, and `end` is always the last one.
 */
export async function answer(run: Run, prompt: string, { provider, model }: Target): Promise<void> {
  const recorder = createWireRecorder('model', run.bytes, run.start)
  const transport = rawTransport({
    dial: async (url, options) =>
      tap(await dial(url, options), ({ direction, bytes }) => {
        if (direction === 'read') recorder.take(bytes) // what we write carries the key
      }),
  })
  const chat = { model, messages: [{ role: 'user', content: prompt }], maxTokens: MAX_TOKENS } as const
  run.answer.append('start', { model, provider: provider.name })
  const stream = streamChat(provider, chat, { transport, signal: run.stop.signal })
  try {
    for await (const event of stream) tell(run.answer, event)
  } catch (error) {
    if (!(error instanceof LlmError)) throw error // and of an LlmError, the outcome knows more
  }
  conclude(run, await stream.outcome)
  recorder.flush()
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

function conclude(
  { answer, stop }: Run,
  { complete, stopReason, rawStopReason, error, usage, metrics }: Outcome,
): void {
  const why = stop.signal.aborted ? (stop.signal.reason as Error).message : error?.message
  if (error) answer.append('failure', { code: error.code, message: why })
  answer.append('end', { complete, stopReason: stopReason ?? rawStopReason, usage, metrics: rounded(metrics) })
}

/** Tenths are as much as anybody reads. */
function rounded(metrics: StreamMetrics): Partial<StreamMetrics> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Math.round(value * 10) / 10]))
}
