import { asBytes } from '@sse-from-scratch/course'
import { LlmError, type LlmEvent, type LlmMapper, type Provider, streamChat } from '@sse-from-scratch/llm-stream'
import type { Transport } from '@sse-from-scratch/sse-client'
import type { Delta, UntilSentinel } from './contract.ts'

/** The package decides this in `streamChat`, for whatever a provider speaks. So here is one that speaks deltas. */
export const untilSentinel: UntilSentinel = async function* (deltas) {
  const source = deltas[Symbol.asyncIterator]()
  const transport: Transport = async ({ signal }) => {
    signal.addEventListener('abort', () => void source.return?.()) // as a socket would be closed
    return { status: 200, contentType: 'text/event-stream', body: eventsOf(source) }
  }
  const chat = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] } as const
  const seen: Delta[] = []
  try {
    for await (const _ of streamChat(providerOf(seen), chat, { transport, retry: { attempts: 1 } }))
      yield* seen.splice(0)
    yield* seen
  } catch (error) {
    if (!(error instanceof LlmError)) throw error
    if (error.cause !== undefined) throw error.cause // what the source has thrown
    throw Object.assign(new Error(error.message, { cause: error }), { code: 'Truncated' })
  }
}

/** Not a generator: one that waits for its source cannot be told to leave it. */
function eventsOf(source: AsyncIterator<Delta>): AsyncIterable<Uint8Array> {
  const iterator: AsyncIterator<Uint8Array> = {
    async next() {
      const { value, done } = await source.next()
      return done ? { value, done } : { value: asBytes(`data: ${JSON.stringify(value)}\n\n`) }
    },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}

function providerOf(seen: Delta[]): Provider {
  return {
    name: 'deltas',
    baseUrl: 'http://127.0.0.1',
    request: () => ({ path: '/', headers: {}, body: {} }),
    createMapper: () => mapperOf(seen),
    readError: (status) => new LlmError('LLM_STATUS', `status ${status}`),
  }
}

function mapperOf(seen: Delta[]): LlmMapper {
  let done = false
  return {
    map({ data }): LlmEvent[] {
      const delta = JSON.parse(data) as Delta
      seen.push(delta)
      done = delta.kind === 'end'
      return [{ kind: 'text', choice: 0, text: '.' }] // something to iterate over
    },
    get done() {
      return done
    },
    end: () => [],
  }
}
