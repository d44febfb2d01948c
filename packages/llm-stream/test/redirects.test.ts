import { serve } from '@sse-from-scratch/chunked'
import {
  fetchTransport,
  firstModel,
  openai,
  type Provider,
  type StreamChatOptions,
  streamChat,
} from '@sse-from-scratch/llm-stream'
import { describe, expect, test } from 'vitest'
import { chat, dataOnly } from './wire.ts'

const answer = dataOnly({ choices: [{ index: 0, delta: { content: 'Hello' }, finish_reason: 'stop' }] }, '[DONE]')

/** A server that redirects what is asked under /v1 to `target`, and answers everything else; it keeps what it was asked. */
async function redirecting(
  status: number,
  target: (path: string) => string,
): Promise<{ readonly url: string; readonly seen: string[] } & AsyncDisposable> {
  const seen: string[] = []
  const server = await serve(async ({ method, target: path, body }, respond) => {
    let size = 0
    for await (const part of body) size += part.length
    seen.push(`${method} ${path} ${size > 0 ? 'with' : 'without'} a body`)
    if (path.startsWith('/v1')) await respond(status, { Location: target(path) }, '')
    else await respond(200, {}, method === 'GET' ? '{"data":[{"id":"m"}]}' : answer)
  })
  return {
    url: `http://127.0.0.1:${server.address.port}`,
    seen,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

const transports: readonly (readonly [string, () => StreamChatOptions])[] = [
  ['our own HTTP', () => ({})],
  ['fetch', () => ({ transport: fetchTransport() })],
]

describe.each(transports)('over %s a redirect within the origin', (_, over) => {
  const ask = (provider: Provider) => streamChat(provider, chat, over()).outcome

  test.each([307, 308])('is followed after %i, with the prompt', async (status) => {
    await using server = await redirecting(status, (path) => path.replace('/v1', '/v2'))
    expect(await ask(openai({ baseUrl: server.url }))).toMatchObject({ text: 'Hello' })
    expect(server.seen).toEqual(['POST /v1/chat/completions with a body', 'POST /v2/chat/completions with a body'])
  })

  test.each([301, 302, 303])('is not followed after %i, which would make a GET of the question', async (status) => {
    await using server = await redirecting(status, () => '/login')
    const { error } = await ask(openai({ baseUrl: server.url }))
    expect(error).toMatchObject({ code: 'LLM_STATUS', status, message: expect.stringContaining('/login') })
    expect(server.seen).toHaveLength(1)
  })

  test.each([301, 302, 303, 307, 308])('is followed after %i to a list of models', async (status) => {
    await using server = await redirecting(status, () => '/models')
    expect(await firstModel(openai({ baseUrl: server.url }))).toBe('m')
  })

  test('is followed 5 times, and not once more', async () => {
    await using server = await redirecting(307, (path) => path)
    const { error } = await ask(openai({ baseUrl: server.url }))
    expect(error).toMatchObject({ code: 'LLM_STATUS', status: 307 })
    expect(server.seen).toHaveLength(6)
  })
})

describe.each(transports)('over %s a redirect to another origin', (_, over) => {
  test.each([301, 302, 303, 307, 308])(
    'is not followed after %i, and the error says where it leads',
    async (status) => {
      await using other = await redirecting(500, () => '')
      await using server = await redirecting(status, () => `${other.url}/elsewhere`)
      const provider = openai({ baseUrl: server.url, apiKey: 'k' })
      const error = { code: 'LLM_STATUS', status, message: expect.stringContaining(`${other.url}/elsewhere`) }
      expect((await streamChat(provider, chat, over()).outcome).error).toMatchObject(error)
      await expect(firstModel(provider)).rejects.toMatchObject(error)
      expect(other.seen).toEqual([])
    },
  )
})
