import { type Handler, request, type ServeOptions, serve } from '@sse-from-scratch/http-raw'
import { connect, listen } from '@sse-from-scratch/tcp-echo'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { bytes, exchange, readToEnd, undated } from './support.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

describe('an answer that is left open with nothing in it', () => {
  test.each([301, 302, 304, 404, 503])('is over when the handler returns, under the status %i', async (status) => {
    const output = await exchange(async (_request, respond) => void (await respond(status, { A: 'b' })), GET + GET)
    const answers = undated(output).split(/(?=HTTP\/1\.1 )/)
    expect(answers).toHaveLength(2)
    for (const answer of answers) expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*\r\n\r\n(0\r\n\r\n)?$`))
  })

  test('is over also when the handler did not wait for it to leave', async () => {
    const output = await exchange((_request, respond) => void respond(302, { Location: '/b' }), GET)
    expect(output).toMatch(/\r\n\r\n0\r\n\r\n$/)
  })

  test.each<[what: string, handler: Handler, message: RegExp]>([
    [
      'under a 200: its emptiness would be taken for the content',
      async (_request, respond) => void (await respond(200)),
      /end\(\) it/,
    ],
    [
      'under a 404 too, once there is something in it',
      async (_request, respond) => (await respond(404)).write(bytes('half')),
      /end\(\) it/,
    ],
    [
      'under a 404 that has promised a length',
      async (_request, respond) => void (await respond(404, { 'Content-Length': '3' })),
      /3 bytes shorter/,
    ],
  ])('is cut %s', async (_what, handler, message) => {
    const errors: unknown[] = []
    const cut = exchange(handler, GET, { onError: (error) => errors.push(error) })
    await expect(cut).rejects.toMatchObject({ code: 'TCP_RESET' })
    expect(errors).toEqual([expect.any(TypeError)])
    expect(`${errors[0]}`).toMatch(message)
  })
})

describe('a body that is neither bytes nor text', () => {
  test.each([
    ['an Object', { a: 1 }],
    ['an Array', [1]],
    ['a number', 5],
    ['null', null],
    ['an ArrayBuffer', new ArrayBuffer(3)],
  ])('is a mistake when it is %s, found before a byte is sent', async (name, body) => {
    const errors: unknown[] = []
    const output = await exchange(async (_request, respond) => void (await respond(200, {}, body as never)), GET, {
      onError: (error) => errors.push(error),
    })
    expect(output).toMatch(/^HTTP\/1.1 500 /)
    expect(errors).toEqual([expect.any(TypeError)])
    expect(`${errors[0]}`).toContain(`not ${name}`)
  })
})

describe('without onError', () => {
  const printed = vi.spyOn(console, 'error')
  beforeEach(() => void printed.mockReset().mockReturnValue())
  afterEach(() => void printed.mockReset())

  const ask = async (handler: Parameters<typeof serve>[0], options?: ServeOptions) => {
    await using server = await serve(handler, options)
    const response = await request(`http://127.0.0.1:${server.address.port}/`)
    return [response.status, await response.body.text()]
  }
  /** Where nobody listens any more. */
  const nobody = async () => {
    await using listener = await listen(() => {})
    return `http://127.0.0.1:${listener.address.port}/`
  }
  const bug = new Error('a bug')
  const buggy = () => {
    throw bug
  }

  test('serve prints what a handler throws, and does not tell the client', async () => {
    expect(await ask(buggy)).toEqual([500, '500 Internal Server Error\n'])
    expect(printed.mock.calls).toEqual([[expect.stringContaining('onError'), bug]])
  })

  test('serve prints what a handler meets elsewhere: a server it asked that is not there', async () => {
    await ask(async () => void (await request(await nobody())))
    expect(printed.mock.calls).toEqual([[expect.any(String), expect.objectContaining({ code: 'TCP_REFUSED' })]])
  })

  test('serve prints nothing of what clients do, which anybody could make it do all day', async () => {
    let gone = () => {}
    const noticed = new Promise<void>((resolve) => {
      gone = resolve
    })
    await using server = await serve(async ({ signal }, respond) => {
      const body = await respond(200)
      signal.addEventListener('abort', gone)
      for (;;) await body.write(new Uint8Array(65_536))
    })
    const { port } = server.address
    const broken = await connect({ port })
    await broken.write(bytes('nonsense\r\n\r\n'))
    expect(await readToEnd(broken)).toMatch(/ 400 /)
    await broken.end()
    const leaving = await connect({ port })
    await leaving.write(bytes(GET))
    await leaving.read()
    leaving.abort()
    await noticed
    await server.close()
    expect(printed.mock.calls).toEqual([])
  })

  test('serve prints nothing when there is one', async () => {
    const errors: unknown[] = []
    await ask(buggy, { onError: (error) => errors.push(error) })
    expect([errors, printed.mock.calls]).toEqual([[bug], []])
  })
})
