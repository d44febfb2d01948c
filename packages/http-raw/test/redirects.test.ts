import { type Handler, type RequestOptions, request, serve } from '@sse-from-scratch/http-raw'
import { describe, expect, test } from 'vitest'
import { bytes, origin, toyChunked } from './support.ts'

/** Redirects /from to wherever its query says, with the status that comes first; says elsewhere what it was asked. */
const handler: Handler = async (req, respond) => {
  const { pathname, searchParams } = new URL(req.target, 'http://a')
  if (pathname === '/from') {
    await respond(Number(searchParams.get('status')), { Location: searchParams.get('to') ?? '' }, 'moved')
    return
  }
  const fields = [...req.fields].filter(([name]) => !/^(host|connection)$/i.test(name)).map((line) => line.join(': '))
  await respond(200, {}, [`${req.method} ${req.target}`, ...fields, await req.body.text()].join('\n'))
}

const from = (status: number, to = '/to') => `/from?status=${status}&to=${encodeURIComponent(to)}`

async function ask(path: string, options: RequestOptions = {}): Promise<string> {
  await using server = await serve(handler, { transferCodings: [toyChunked] })
  const response = await request(origin(server) + path, { redirects: 5, transferCodings: [toyChunked], ...options })
  return `${response.status}\n${await response.body.text()}`
}

describe('a redirect (RFC 9110 §15.4)', () => {
  test.each([301, 302, 303, 307, 308])('%i is followed by GET', async (status) => {
    expect(await ask(from(status))).toBe('200\nGET /to\n')
  })

  test.each([
    [301, 'POST', 'GET /to\nX: 1\n'],
    [302, 'POST', 'GET /to\nX: 1\n'],
    [303, 'POST', 'GET /to\nX: 1\n'],
    [303, 'PUT', 'GET /to\nX: 1\n'],
    [301, 'PUT', 'PUT /to\nContent-Type: text/plain\nX: 1\nContent-Length: 4\nbody'],
    [307, 'POST', 'POST /to\nContent-Type: text/plain\nX: 1\nContent-Length: 4\nbody'],
    [308, 'POST', 'POST /to\nContent-Type: text/plain\nX: 1\nContent-Length: 4\nbody'],
  ])('%i after %s becomes %j', async (status, method, seen) => {
    expect(await ask(from(status), { method, body: 'body', fields: { 'Content-Type': 'text/plain', X: '1' } })).toBe(
      `200\n${seen}`,
    )
  })

  test('303 after HEAD stays HEAD', async () => {
    expect(await ask(from(303), { method: 'HEAD' })).toBe('200\n')
  })

  test('is followed as often as allowed, and then handed over', async () => {
    const twice = from(302, from(302))
    expect(await ask(twice, { redirects: 2 })).toBe('200\nGET /to\n')
    expect(await ask(twice, { redirects: 1 })).toBe('302\nmoved')
    expect(await ask(twice, { redirects: 0 })).toBe('302\nmoved')
  })

  test.each(['', 'http://', 'ftp://a/', 'http://me:pw@127.0.0.1/'])(
    'to %j cannot be followed, and is handed over',
    async (to) => {
      // An empty reference is a valid one: to where we are (RFC 3986 §5.2), until it has been followed often enough.
      expect(await ask(from(302, to))).toBe('302\nmoved')
    },
  )

  test.each([300, 304, 305])('is not what %i is', async (status) => {
    expect(await ask(from(status))).toMatch(new RegExp(`^${status}\n`))
  })

  test('is handed over when a streamed body would have to be sent again', async () => {
    const body = () =>
      (async function* () {
        yield bytes('body')
      })()
    expect(await ask(from(307), { method: 'POST', body: body() })).toBe('307\nmoved')
    expect(await ask(from(303), { method: 'POST', body: body() })).toBe('200\nGET /to\n')
  })

  test('keeps credentials on the same origin, and drops them on the way to another', async () => {
    await using other = await serve(handler)
    const fields = {
      Authorization: 'Bearer hunter2',
      cookie: 'hunter2',
      'Proxy-Authorization': 'hunter2',
      'x-api-key': 'hunter2',
      'api-key': 'hunter2',
      'x-goog-api-key': 'hunter2',
      'X-Auth-Token': 'hunter2',
      'X-CSRF-Token': 'hunter2',
      'X-XSRF-TOKEN': 'hunter2',
      Accept: 'text/plain',
    }
    expect((await ask(from(302), { fields })).split('hunter2')).toHaveLength(10)
    expect(await ask(from(302, `${origin(other)}/to`), { fields })).toBe('200\nGET /to\nAccept: text/plain\n')
  })

  test('does not take the Host of one origin to another', async () => {
    await using other = await serve(async (req, respond) => {
      await respond(200, {}, req.fields.get('host'))
    })
    expect(await ask(from(302, `${origin(other)}/to`), { fields: { Host: 'mine.example' } })).toBe(
      `200\n127.0.0.1:${other.address.port}`,
    )
  })

  test('tells in url where the response came from', async () => {
    await using server = await serve(handler)
    await using response = await request(`${origin(server)}${from(302, '/to#part')}`, { redirects: 1 })
    expect(response.url).toBe(`${origin(server)}/to`)
  })
})
