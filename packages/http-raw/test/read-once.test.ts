import { gzipSync } from 'node:zlib'
import { type Handler, type IncomingBody, request, serve } from '@sse-from-scratch/http-raw'
import { describe, expect, test } from 'vitest'
import { exchange, origin, toyChunked } from './support.ts'

const WAYS: Readonly<Record<string, (body: IncomingBody) => Promise<unknown>>> = {
  'text()': (body) => body.text(),
  'bytes()': (body) => body.bytes(),
  'json()': (body) => body.json(),
  'a loop': async (body) => {
    for await (const _piece of body);
  },
  'a loop that is left': async (body) => {
    for await (const _piece of body) break
  },
  'a web stream': async (body) => new Response(ReadableStream.from(body)).text(),
}
const PAIRS = Object.keys(WAYS).flatMap((first) => Object.keys(WAYS).map((second) => [second, first] as const))
const read = (way: string, body: IncomingBody) => WAYS[way]?.(body)

const JSON_TEXT = '{"a":[1,"u"]}'
const post = (body: string) => `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

describe.each(PAIRS)('%s after %s', (second, first) => {
  test('says that the body of a request has been read', async () => {
    let said: unknown
    const output = await exchange(async ({ body }, respond) => {
      await read(first, body)
      said = await read(second, body)?.catch((error: unknown) => error)
      await respond(200, {}, 'ok')
    }, post('"x"'))
    expect(output).toMatch(/ok$/)
    expect(said).toBeInstanceOf(TypeError)
    expect(`${said}`).toContain('has been read already')
  })

  test.each(['identity', 'gzip'])('says so of the body of a response, %s', async (coding) => {
    const content = coding === 'gzip' ? gzipSync(JSON_TEXT) : JSON_TEXT
    await using server = await serve(
      async (_request, respond) => void (await respond(200, { 'Content-Encoding': coding }, content)),
    )
    const { body } = await request(origin(server), { decompress: true })
    await read(first, body)
    const said = await read(second, body)?.catch((error: unknown) => error)
    expect(said).toBeInstanceOf(TypeError)
    expect(`${said}`).toContain('has been read already')
  })
})

test('two readers at once do not share a body between them: one has all of it', async () => {
  await using server = await serve(async (_request, respond) => void (await respond(200, {}, JSON_TEXT)))
  const { body } = await request(origin(server))
  const [text, bytes] = await Promise.allSettled([body.text(), body.bytes()])
  expect(text).toEqual({ status: 'fulfilled', value: JSON_TEXT })
  expect(bytes).toEqual({ status: 'rejected', reason: expect.any(TypeError) })
})

test('what was wrong with a body is said to the second reader too', async () => {
  await using server = await serve(async (_request, respond) => void (await respond(200, {}, JSON_TEXT)))
  const { body } = await request(origin(server), { limits: { collectedSize: 3 } })
  for (let i = 0; i < 2; i++) await expect(body.text()).rejects.toMatchObject({ code: 'HTTP_BODY_TOO_LARGE' })
})

test('a request without a body is empty as often as it is asked', async () => {
  const twice: Handler = async ({ body }, respond) =>
    void (await respond(200, {}, JSON.stringify([await body.text(), await body.text()])))
  expect(await exchange(twice, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).toMatch(/\["",""\]$/)
})

describe('json()', () => {
  const handler: Handler = async ({ body }, respond) => void (await respond(200, {}, JSON.stringify(await body.json())))
  const options = { onError: () => {}, transferCodings: [toyChunked] }

  test('is the value of the body', async () => {
    expect(await exchange(handler, post(JSON_TEXT), options)).toContain(`\r\n\r\n${JSON_TEXT}`)
  })

  test.each([
    ['is no JSON', post('{"secret":')],
    ['has no byte', post('')],
    ['is not there', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
  ])('is the client’s mistake when the body %s: a 400 that does not quote it', async (_what, input) => {
    const output = await exchange(handler, input, options)
    expect(output).toMatch(/^HTTP\/1\.1 400 [\s\S]*JSON\n$/)
    expect(output).not.toContain('secret')
  })

  test('is HTTP_BAD_JSON for a response, which does not quote it either', async () => {
    await using server = await serve(async (_request, respond) => void (await respond(200, {}, 'secret')))
    const error = await (await request(origin(server))).body.json().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'HTTP_BAD_JSON' })
    expect(error).not.toHaveProperty('cause')
    expect(`${(error as Error).stack}`).not.toContain('secret')
  })

  test('of an answer elsewhere is a 500 of ours, and not the client’s mistake', async () => {
    await using other = await serve(async (_request, respond) => void (await respond(200, {}, 'no JSON')))
    const asking: Handler = async (_request, respond) => {
      const { body } = await request(origin(other))
      await respond(200, {}, JSON.stringify(await body.json()))
    }
    expect(await exchange(asking, post(JSON_TEXT), options)).toMatch(/^HTTP\/1\.1 500 /)
  })
})
