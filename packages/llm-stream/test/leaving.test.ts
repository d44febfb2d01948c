import { type Dial, dial } from '@sse-from-scratch/http-raw'
import {
  anthropic,
  type ChatStream,
  fetchTransport,
  gemini,
  ollama,
  openai,
  openaiResponses,
  type Provider,
  type ProviderOptions,
  type StreamChatOptions,
  streamChat,
} from '@sse-from-scratch/llm-stream'
import type { Connection } from '@sse-from-scratch/tcp-echo'
import { describe, expect, test } from 'vitest'
import { raw } from './raw-server.ts'
import { bytes, chat, dataOnly, named } from './wire.ts'

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n'

/** Each provider, and a first token as it sends it. */
const dialects: readonly (readonly [string, (options: ProviderOptions) => Provider, string])[] = [
  ['openai', openai, dataOnly({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content: 'tok' } }] })],
  [
    'openaiResponses',
    openaiResponses,
    named(
      { type: 'response.created', ...{ response: { id: 'r', model: 'm' } } },
      { type: 'response.output_text.delta', ...{ item_id: 'i', output_index: 0, content_index: 0, delta: 'tok' } },
    ),
  ],
  [
    'anthropic',
    anthropic,
    named(
      { type: 'message_start', ...{ message: { id: 'a', model: 'm', usage: { input_tokens: 1, output_tokens: 1 } } } },
      { type: 'content_block_start', ...{ index: 0, content_block: { type: 'text', text: '' } } },
      { type: 'content_block_delta', ...{ index: 0, delta: { type: 'text_delta', text: 'tok' } } },
    ),
  ],
  ['gemini', gemini, dataOnly({ candidates: [{ index: 0, content: { role: 'model', parts: [{ text: 'tok' }] } }] })],
  [
    'ollama',
    ollama,
    `${JSON.stringify({ model: 'm', message: { role: 'assistant', content: 'tok' }, done: false })}\n`,
  ],
]

/** Sends a head and a first token, and then waits for ever. */
const oneToken = (token: string) => (connection: Connection) => connection.write(bytes(HEAD + token))

/** A dial that keeps what it has opened. */
function watching(): { readonly dial: Dial; readonly opened: Connection[] } {
  const opened: Connection[] = []
  return {
    opened,
    dial: async (url, options) => {
      const connection = await dial(url, options)
      opened.push(connection)
      return connection
    },
  }
}

async function firstToken(stream: ChatStream): Promise<AsyncIterator<unknown>> {
  const iterator = stream[Symbol.asyncIterator]()
  for (let next = await iterator.next(); ; next = await iterator.next()) {
    if (next.done) throw new Error('there was no token')
    if (next.value.kind === 'text') return iterator
  }
}

describe.each(dialects)('an answer of %s', (_, provider, token) => {
  const start = async (options: StreamChatOptions = {}) => {
    const server = await raw(oneToken(token))
    const stream = streamChat(provider({ baseUrl: server.url }), chat, options)
    return { server, stream }
  }

  test('that is left by break is closed at once, and kept as far as it came', async () => {
    const { dial, opened } = watching()
    const { server, stream } = await start({ dial })
    await using _ = server
    let closed: boolean | undefined
    for await (const event of stream) {
      if (event.kind !== 'text') continue
      queueMicrotask(() => {
        closed = opened[0]?.signal.aborted // in the tick of the break
      })
      break
    }
    expect(closed).toBe(true)
    expect(await stream.outcome).toMatchObject({ text: 'tok', complete: false, error: { code: 'LLM_ABORTED' } })
    await server.gone
  })

  test('that is left by abort() is closed when the call returns', async () => {
    const { dial, opened } = watching()
    const { server, stream } = await start({ dial })
    await using _ = server
    await firstToken(stream)
    expect(opened[0]?.signal.aborted).toBe(false)
    stream.abort()
    expect(opened[0]?.signal.aborted).toBe(true)
    await server.gone
  })

  test('that is left by its signal is closed when that aborts', async () => {
    const { dial, opened } = watching()
    const leaving = new AbortController()
    const { server, stream } = await start({ dial, signal: leaving.signal })
    await using _ = server
    await firstToken(stream)
    leaving.abort()
    expect(opened[0]?.signal.aborted).toBe(true)
    await server.gone
  })

  test('over fetch is closed as well', async () => {
    const { server, stream } = await start({ transport: fetchTransport() })
    await using _ = server
    const iterator = await firstToken(stream)
    await iterator.return?.()
    await server.gone
  })
})

describe('leaving', () => {
  const openaiToken = dialects[0]?.[2] ?? ''

  test('before the head has come closes the connection', async () => {
    let asked = () => {}
    const arrived = new Promise<void>((resolve) => {
      asked = resolve
    })
    await using server = await raw(() => asked())
    const stream = streamChat(openai({ baseUrl: server.url }), chat)
    await arrived
    stream.abort()
    await server.gone
    expect(await stream.outcome).toMatchObject({ attempts: 1, error: { code: 'LLM_ABORTED' } })
  })

  test('while the connection is being opened stops opening it', async () => {
    let signal: AbortSignal | undefined
    const hangs: Dial = (_url, options) => {
      signal = options.signal
      return new Promise(() => {})
    }
    const stream = streamChat(openai({ baseUrl: 'http://a' }), chat, { dial: hangs })
    stream.abort()
    expect(signal === undefined || signal.aborted).toBe(true)
    expect((await stream.outcome).error?.code).toBe('LLM_ABORTED')
  })

  test('while an error’s body is being read closes the connection', async () => {
    const head = 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 999\r\n\r\n{'
    await using server = await raw((connection) => connection.write(bytes(head)))
    const { dial, opened } = watching()
    const stream = streamChat(openai({ baseUrl: server.url }), chat, { dial })
    const { outcome } = stream
    while (opened.length === 0) await new Promise((resolve) => setImmediate(resolve))
    stream.abort()
    expect((await outcome).error?.code).toBe('LLM_ABORTED')
    await server.gone
  })

  test('while it waits for the next attempt opens no connection any more', async () => {
    const { dial, opened } = watching()
    await using server = await raw((connection) => connection.end())
    const stream: ChatStream = streamChat(openai({ baseUrl: server.url }), chat, {
      dial,
      retry: { onRetry: () => setImmediate(() => stream.abort()) },
    })
    expect(await stream.outcome).toMatchObject({ attempts: 1, error: { code: 'LLM_ABORTED' } })
    await new Promise((resolve) => setImmediate(resolve))
    expect(opened).toHaveLength(1)
  })

  test('a signal that lives on keeps nothing of the answers it could have stopped', async () => {
    await using server = await raw((connection) => connection.end())
    const leaving = new AbortController()
    let listeners = 0
    const { signal } = leaving
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
    Object.assign(signal, {
      addEventListener: (...args: Parameters<typeof add>) => {
        listeners++
        add(...args)
      },
      removeEventListener: (...args: Parameters<typeof remove>) => {
        listeners--
        remove(...args)
      },
    })
    const options = { signal, retry: { attempts: 1 } }
    for (let i = 0; i < 3; i++) await streamChat(openai({ baseUrl: server.url }), chat, options).outcome
    expect(listeners).toBe(0)
  })

  test.each<[string, () => StreamChatOptions]>([
    ['our own HTTP', () => ({})],
    ['fetch', () => ({ transport: fetchTransport() })],
  ])('a consumer that pauses stops the server within what the kernel buffers, over %s', async (_, over) => {
    const piece = bytes(openaiToken.repeat(500))
    let stuck: (sent: number) => void = () => {}
    const sent = new Promise<number>((resolve) => {
      stuck = resolve
    })
    await using server = await raw(async (connection) => {
      await connection.write(bytes(HEAD))
      let handed = 0
      // Until the kernel takes nothing more for 20 turns of the event loop: the reader has had every chance.
      for (let waiting = 0; waiting < 20 && handed < 256 * 1024 * 1024; ) {
        if (connection.unsent < piece.length * 4) {
          connection.write(piece).catch(() => {})
          handed += piece.length
          waiting = 0
        } else waiting++
        await new Promise((resolve) => setImmediate(resolve))
      }
      stuck(handed - connection.unsent)
    })
    const stream = streamChat(openai({ baseUrl: server.url }), chat, over())
    await firstToken(stream)
    expect(await sent).toBeLessThan(16 * 1024 * 1024)
    stream.abort()
    await server.gone
  })
})

describe('a body that is a generator', () => {
  const token = bytes(dataOnly({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content: 'tok' } }] }))

  test.each([
    ['between two reads', () => Promise.resolve()],
    ['in a read that goes on', () => new Promise<void>((resolve) => setImmediate(resolve))],
  ])('comes to its finally when the loop is left %s', async (_, pause) => {
    let closed = () => {}
    const end = new Promise<void>((resolve) => {
      closed = resolve
    })
    async function* body() {
      try {
        for (;;) {
          yield token
          await pause()
        }
      } finally {
        closed()
      }
    }
    const transport = async () => ({ status: 200, contentType: 'text/event-stream', body: body() })
    for await (const { kind } of streamChat(openai({ apiKey: 'k' }), chat, { transport })) if (kind === 'text') break
    await end
  })
})
