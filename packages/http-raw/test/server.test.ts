import type { Handler, IncomingRequest, OutgoingBody, ServeConnectionOptions } from '@sse-from-scratch/http-raw'
import { Fields } from '@sse-from-scratch/http-raw'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { bytes, converse, exchange, readToEnd, readUntil, undated } from './support.ts'

afterEach(() => void vi.useRealTimers())

const get = (target = '/', fields = '') => `GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`
const post = (body: string, fields = '') =>
  `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n${fields}\r\n${body}`
const echoTarget: Handler = async (request, respond) => {
  await respond(200, {}, request.target)
}
const statusLines = (output: string) => output.match(/HTTP\/1\.[01] \d{3}.*/g)

describe('an answer', () => {
  test('with its body goes under a Content-Length', async () => {
    expect(undated(await exchange(echoTarget, get('/x')))).toBe('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n/x')
  })

  test('written in pieces goes in the plugged transfer coding', async () => {
    const output = await exchange(async (_request, respond) => {
      const body = await respond(200)
      await body.write(bytes('a'))
      await body.write(bytes(''))
      await body.write(bytes('bc'))
      await body.end({ Sum: '3' })
    }, get())
    const wire = 'Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\nSum: 3\r\n\r\n'
    expect(undated(output)).toBe(`HTTP/1.1 200 OK\r\n${wire}`)
  })

  test('written in pieces to HTTP/1.0 ends with the connection', async () => {
    const handler: Handler = async (_request, respond) => {
      const body = await respond(200)
      await body.write(bytes('a'))
      await body.end()
    }
    const output = await exchange(handler, 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
    expect(undated(output)).toBe('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\na')
  })

  test('written in pieces under its own Content-Length keeps to it', async () => {
    const { client, served } = converse(async (_request, respond) => {
      const body = await respond(200, { 'Content-Length': '3' })
      await body.write(bytes('ab'))
      await expect(body.write(bytes('cd'))).rejects.toThrow(TypeError)
      await expect(body.end()).rejects.toThrow(TypeError)
      await body.write(bytes('c'))
      await body.end()
      await expect(body.write(bytes('d'))).rejects.toThrow(TypeError)
    })
    await client.write(bytes(get()))
    await client.end()
    expect(undated(await readToEnd(client))).toBe('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc')
    expect(await served).toBeUndefined()
  })

  test.each([
    ['HEAD', 200],
    ['GET', 304],
  ])('to %s with status %i is only a head, and the connection goes on', async (method, status) => {
    const output = await exchange(async (_request, respond) => {
      await respond(status, {}, 'hello')
    }, `${method} / HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(2))
    expect(statusLines(output)).toHaveLength(2)
    expect(output).not.toContain('hello')
    expect(output).not.toContain('Connection')
  })

  test('to HEAD is made as the one to GET is, and has its Content-Length (RFC 9110 §9.3.2)', async () => {
    const whole: Handler = async (_request, respond) => {
      await respond(200, {}, 'hello')
    }
    expect(await exchange(whole, 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n')).toContain('Content-Length: 5\r\n')
    const pieces: Handler = async (_request, respond) => {
      const body = await respond(200)
      await body.write(bytes('hello'))
      await body.end()
    }
    expect(await exchange(pieces, 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n')).not.toContain('hello')
  })

  test('with status 204 has neither a body nor a length', async () => {
    const output = await exchange(async (_request, respond) => {
      await expect(respond(204, {}, 'x')).rejects.toThrow(TypeError)
      await expect(respond(204, { 'Content-Length': '0' })).rejects.toThrow(TypeError)
      await respond(204)
    }, get())
    expect(undated(output)).toBe('HTTP/1.1 204 No Content\r\n\r\n')
  })

  test('has a Date, the one given if one is (RFC 9110 §6.6.1)', async () => {
    const output = await exchange(echoTarget, get())
    expect(Date.parse(/Date: (.*)\r\n/.exec(output)?.[1] ?? '')).toBeCloseTo(Date.now(), -5)
    const given = await exchange(async (_request, respond) => {
      await respond(200, { date: 'then' }, '')
    }, get())
    expect(given.match(/date: .*/gi)).toEqual(['date: then'])
  })

  test('may come after interim ones, which HTTP/1.0 never sees (RFC 9110 §15.2)', async () => {
    const handler: Handler = async (_request, respond) => {
      await respond(103, { Link: '</x>' })
      await respond(103)
      await respond(200, {}, '')
    }
    const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n'
    expect(undated(await exchange(handler, get()))).toBe(`${hints}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n`)
    expect(statusLines(await exchange(handler, 'GET / HTTP/1.0\r\n\r\n'))).toEqual(['HTTP/1.1 200 OK'])
  })

  test.each<[string, Parameters<Parameters<Handler>[1]>, ErrorConstructor]>([
    ['a value with CR LF', [200, { A: 'b\r\nC: d' }], TypeError],
    ['a value that becomes CR LF in latin1', [200, { A: 'b\u010d\u010aC: d' }, ''], TypeError],
    ['a name with a blank', [200, { 'A b': 'c' }, ''], TypeError],
    ['a status of two digits', [99], RangeError],
    ['a status that is not whole', [200.5], RangeError],
    ['an interim status that is not whole', [100.5], RangeError],
    ['a framing of its own', [200, { 'Transfer-Encoding': 'gzip' }], TypeError],
    ['a length that is not a number', [200, { 'Content-Length': '+1' }], TypeError],
    ['a length that is not that of the body', [200, { 'Content-Length': '1' }, 'ab'], TypeError],
    ['two lengths', [200, new Fields([['Content-Length', '2']]).with('Content-Length', '2'), 'ab'], TypeError],
  ])('with %s is refused before a byte leaves', async (_what, answer, error) => {
    const output = await exchange(async (_request, respond) => {
      await expect(respond(...answer)).rejects.toThrow(error)
      await respond(200, {}, 'fine')
    }, get())
    expect(undated(output)).toBe('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine')
  })

  test('is given once', async () => {
    const output = await exchange(async (_request, respond) => {
      await respond(200, {}, 'one')
      await expect(respond(200, {}, 'two')).rejects.toThrow(TypeError)
    }, get())
    expect(statusLines(output)).toHaveLength(1)
  })

  test('with status 101 leaves the connection, and what the client has sent on it, to the handler', async () => {
    const output = await exchange(
      async ({ connection }, respond) => {
        await respond(101, { Connection: 'upgrade', Upgrade: 'shout' })
        for await (const part of connection) await connection.write(bytes(Buffer.from(part).toString().toUpperCase()))
      },
      `${get('/', 'Connection: upgrade\r\nUpgrade: shout\r\n')}hello`,
    )
    expect(output).toBe('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: shout\r\n\r\nHELLO')
  })
})

describe('a connection (RFC 9112 §9.3)', () => {
  test('answers pipelined requests in their order, also when the first takes longest', async () => {
    let release = () => {}
    const slow = new Promise<void>((resolve) => {
      release = resolve
    })
    const seen: string[] = []
    const { client } = converse(async (request, respond) => {
      seen.push(request.target)
      if (request.target === '/1') await slow
      await respond(200, {}, request.target)
    })
    await client.write(bytes(get('/1') + post('body') + get('/3')))
    await client.end()
    release()
    const output = await readToEnd(client)
    expect(output.match(/\r\n\r\n\/\d?/g)).toEqual(['\r\n\r\n/1', '\r\n\r\n/', '\r\n\r\n/3'])
    expect(seen).toEqual(['/1', '/', '/3'])
  })

  test.each([
    ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', {}, 2, undefined],
    ['GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n', {}, 1, 'close'],
    ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', { Connection: 'close' }, 1, 'close'],
    ['GET / HTTP/1.0\r\n\r\n', {}, 1, 'close'],
    ['GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n', {}, 2, 'keep-alive'],
  ])(
    'after %j answered with %o has carried %i exchanges, and says: Connection %s',
    async (input, fields, count, says) => {
      const output = await exchange(async (_request, respond) => {
        await respond(200, fields, '')
      }, input.repeat(2))
      expect(statusLines(output)).toHaveLength(count)
      const said = [...output.matchAll(/Connection: (.*)\r/g)].map((match) => match[1])
      expect(said).toEqual(says === undefined ? [] : Array(count).fill(says))
    },
  )

  test.each([
    ['a bad field', get('/', 'A : b\r\n'), 400, 'a field name that is not a token'],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400, 'without Host'],
    ['a bare LF', 'GET / HTTP/1.1\n\n', 400, 'LF without CR'],
    ['two lengths', get('/', 'Content-Length: 1\r\nTransfer-Encoding: chunked\r\n'), 400, 'both'],
    ['a large body', get('/', 'Content-Length: 1001\r\n'), 413, '1000 bytes'],
    ['a long target', get(`/${'x'.repeat(10_000)}`), 414, '8192 bytes'],
    ['an unknown expectation', get('/', 'Expect: 200-ok\r\n'), 417, 'Expect'],
    ['too many fields', get('/', 'A: b\r\n'.repeat(200)), 431, '128 field lines'],
    ['an unknown coding', get('/', 'Transfer-Encoding: x, chunked\r\n'), 501, 'coding'],
    ['another version', 'GET / HTTP/2.0\r\n\r\n', 505, 'HTTP/2.0'],
    ['half a head', 'GET / HTTP/1.1\r\nHost', 400, 'ended inside'],
  ])('with %s is told so, and serves nothing behind it', async (_what, input, status, why) => {
    let calls = 0
    const handler: Handler = async (_request, respond) => {
      calls++
      await respond(200, {}, '')
    }
    const { client, served } = converse(handler, { limits: { bodySize: 1000 } })
    await client.write(bytes(status === 400 && input.endsWith('Host') ? input : input + get('/smuggled')))
    await client.end()
    const output = await readToEnd(client)
    expect(statusLines(output)).toEqual([expect.stringMatching(`^HTTP/1.1 ${status} `)])
    expect(output).toContain('Connection: close\r\n')
    expect(output).toContain('Content-Type: text/plain; charset=utf-8\r\n')
    expect(output.split('\r\n\r\n')[1]).toContain(why)
    expect(await served).toMatchObject({ name: 'HttpError', status })
    expect(calls).toBe(0)
  })

  test('reads on behind a small body nobody wanted, and closes behind a large one, and says so', async () => {
    const run = (drainSize: number) => exchange(echoTarget, post('x'.repeat(100)) + get('/next'), { drainSize })
    const [kept, closed] = [await run(100), await run(99)]
    expect(statusLines(kept)).toHaveLength(2)
    expect(kept).not.toContain('Connection: close')
    expect(statusLines(closed)).toHaveLength(1)
    expect(closed).toContain('Connection: close\r\n')
  })

  test('counts only what nobody has read of a body', async () => {
    const handler: Handler = async (request, respond) => {
      for await (const _ of request.body) break
      await respond(200, {}, request.target)
    }
    const { client, served } = converse(handler, { drainSize: 60 })
    await client.write(bytes('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n'), bytes('x'.repeat(40)))
    expect(await readUntil(client, '\r\n\r\n/')).not.toContain('Connection: close')
    await client.write(bytes('x'.repeat(60)), bytes(get('/next')))
    await client.end()
    expect(await readToEnd(client)).toContain('\r\n\r\n/next')
    await served
  })

  test('cannot say that it will close when it has only begun to answer: the handler may still read', async () => {
    const handler: Handler = async (request, respond) => {
      const body = await respond(200)
      for await (const part of request.body) await body.write(part)
      await body.end()
    }
    const output = await exchange(handler, post('x'.repeat(100)) + get('/next'), { drainSize: 10 })
    expect(statusLines(output)).toHaveLength(2)
    expect(output).not.toContain('Connection: close')
  })

  test('reads no more requests than it gets rid of answers, also from a handler that waits for nothing', async () => {
    let calls = 0
    const large = new Uint8Array(1024 * 1024)
    const { client, served } = converse((_request, respond) => {
      calls++
      void respond(200, {}, large)
    })
    client.write(bytes(get().repeat(100))).catch(() => {})
    await readUntil(client, '\r\n\r\n')
    expect(calls).toBe(1)
    client.abort()
    await served
  })

  test('closes when what is left of a body nobody wanted is broken', async () => {
    const input = `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n${get('/smuggled')}`
    expect(statusLines(await exchange(echoTarget, input))).toHaveLength(1)
  })

  test('says 501 to chunked, and that it is HTTP/1.0, while no coding is plugged in (RFC 9112 §6.1)', async () => {
    const input = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
    const output = await exchange(echoTarget, input, { transferCodings: [] })
    expect(statusLines(output)).toEqual(['HTTP/1.0 501 Not Implemented'])
    expect(undated(await exchange(echoTarget, get(), { transferCodings: [] }))).toBe(
      'HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\n/',
    )
  })

  test('closes when the server does, after the exchange in progress', async () => {
    const closing = new AbortController()
    const { client, served } = converse(
      async (_request, respond) => {
        closing.abort()
        await respond(200, {}, 'last')
      },
      { closing: closing.signal },
    )
    await client.write(bytes(get() + get()))
    const output = await readToEnd(client)
    expect(undated(output)).toBe('HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nlast')
    await client.end()
    expect(await served).toBeUndefined()
  })

  test('that waits is closed when the server closes', async () => {
    const closing = new AbortController()
    const { client, served } = converse(echoTarget, { closing: closing.signal })
    await client.write(bytes(get()))
    await readUntil(client, '\r\n\r\n/')
    closing.abort()
    expect(await client.read()).toBeNull()
    await client.end()
    expect(await served).toBeUndefined()
  })
})

describe('the body of a request', () => {
  const echoBody: Handler = async (request, respond) => {
    await respond(200, {}, await request.body.text())
  }

  test('is read by its length or its coding', async () => {
    expect(await exchange(echoBody, post('caf\xc3\xa9'))).toMatch(/\r\n\r\ncaf\xc3\xa9$/)
    const chunked = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'
    expect(await exchange(echoBody, chunked)).toMatch(/\r\n\r\nabc$/)
  })

  test('is streamed as it comes', async () => {
    const { client } = converse(async (request, respond) => {
      const body = await respond(200)
      for await (const part of request.body) await body.write(part)
      await body.end()
    })
    await client.write(bytes('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc'))
    await readUntil(client, 'abc\r\n')
    await client.write(bytes('def'))
    await readUntil(client, 'def\r\n0\r\n\r\n')
    await client.end()
  })

  test('may be left before its end, and the rest is skipped', async () => {
    const output = await exchange(async (request, respond) => {
      for await (const _part of request.body) break
      await respond(200, {}, 'enough')
    }, post('x') + get())
    expect(statusLines(output)).toHaveLength(2)
  })

  test('is kept up to collectedSize, and a 413 above', async () => {
    const run = (collectedSize: number) => exchange(echoBody, post('hello'), { limits: { collectedSize } })
    expect(statusLines(await run(5))).toEqual(['HTTP/1.1 200 OK'])
    expect(statusLines(await run(4))).toEqual(['HTTP/1.1 413 Content Too Large'])
  })

  test('that is cut or broken is a 400, not a short body', async () => {
    expect(await exchange(echoBody, post('hello').slice(0, -1))).toMatch(/^HTTP\/1.1 400 .*1 of 5 bytes short/s)
    const broken = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx'
    expect(await exchange(echoBody, broken)).toMatch(/^HTTP\/1.1 400 .*not a chunk-size/s)
  })
})

describe('Expect: 100-continue (RFC 9110 §10.1.1)', () => {
  const head = (version = '1.1') =>
    `POST / HTTP/${version}\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\n`
  const echoBody: Handler = async (request, respond) => {
    await respond(200, {}, await request.body.text())
  }

  test('is answered when the handler first wants the body', async () => {
    const { client } = converse(echoBody)
    await client.write(bytes(head()))
    expect(await readUntil(client, '\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    await client.write(bytes('hello') as Uint8Array)
    expect(await readUntil(client, '\r\n\r\nhello')).toMatch(/^HTTP\/1.1 200 OK/)
    await client.write(bytes(get()))
    expect(await readUntil(client, '\r\n\r\n')).toMatch(/^HTTP\/1.1 200 OK/)
    await client.end()
  })

  test('is not answered when nobody wants it: the client is told so, and the connection closes', async () => {
    const { client } = converse(async (_request, respond) => {
      await respond(401, {}, 'who are you?')
    })
    await client.write(bytes(head()))
    expect(undated(await readToEnd(client))).toBe(
      'HTTP/1.1 401 Unauthorized\r\nContent-Length: 12\r\nConnection: close\r\n\r\nwho are you?',
    )
    await client.end()
  })

  test.each([
    ['HTTP/1.0, where it means nothing', `${head('1.0')}hello`, {}],
    ['a body that is there already', `${head()}hello`, {}],
    ['a server that is HTTP/1.0 itself', `${head()}hello`, { transferCodings: [] }],
  ])('is not answered with %s', async (_what, input, options: ServeConnectionOptions) => {
    expect(statusLines(await exchange(echoBody, input, options))).toEqual([expect.stringMatching(/ 200 OK$/)])
  })

  test('does not invite a body that is too large', async () => {
    const output = await exchange(echoBody, head(), { limits: { bodySize: 4 } })
    expect(statusLines(output)).toEqual(['HTTP/1.1 413 Content Too Large'])
  })
})

describe('a handler', () => {
  test('that throws becomes a 500 which does not say why; onError gets it at once', async () => {
    const errors: unknown[] = []
    const { client, served } = converse(
      () => {
        throw new Error('the password is hunter2')
      },
      { onError: (error) => errors.push(error) },
    )
    await client.write(bytes(get()))
    expect(await readToEnd(client)).toMatch(/^HTTP\/1.1 500 [\s\S]*\r\n\r\n500 Internal Server Error\n$/)
    expect(errors).toEqual([new Error('the password is hunter2')])
    await client.end()
    expect(await served).toBeUndefined()
  })

  test('that fails while asking another server does not blame its own client', async () => {
    const { HttpError } = await import('@sse-from-scratch/http-raw')
    const output = await exchange(() => {
      throw new HttpError('HTTP_INCOMPLETE', 'upstream closed')
    }, get())
    expect(output).toMatch(/^HTTP\/1.1 500 /)
    expect(output).not.toContain('upstream')
  })

  test('that returns without an answer is a 500, and an error', async () => {
    const { client, served } = converse(() => {})
    await client.write(bytes(get()))
    expect(await readToEnd(client)).toMatch(/^HTTP\/1.1 500 /)
    await client.end()
    expect(await served).toBeInstanceOf(TypeError)
  })

  test.each<[string, (body: OutgoingBody) => void | Promise<void>]>([
    ['returns', () => {}],
    [
      'throws',
      () => {
        throw new Error('boom')
      },
    ],
    ['aborts', (body) => body.abort(new Error('enough'))],
    ['disposes of the body', (body) => body[Symbol.asyncDispose]()],
  ])('that %s inside a body cuts the connection, so that nobody takes it for an end', async (_what, leave) => {
    const { client } = converse(async (_request, respond) => {
      const body = await respond(200)
      await body.write(bytes('half'))
      await leave(body)
    })
    await client.write(bytes(get()))
    await expect(readToEnd(client)).rejects.toMatchObject({ code: 'TCP_RESET' })
  })

  test('that throws when it has answered harms neither its answer nor those before it', async () => {
    const errors: unknown[] = []
    const handler: Handler = async (request, respond) => {
      await respond(200, {}, `answer to ${request.target}`)
      if (request.target === '/2') throw new Error('too late')
    }
    const output = await exchange(handler, get('/1') + get('/2') + get('/3'), {
      onError: (error) => errors.push(error),
    })
    expect(output.match(/answer to \/\d/g)).toEqual(['answer to /1', 'answer to /2'])
    expect(errors).toEqual([new Error('too late')])
  })

  test('that leaves the scope of a body cuts the connection there and then', async () => {
    const { client } = converse(async (_request, respond) => {
      {
        await using body = await respond(200)
        await body.write(bytes('half'))
      }
      await new Promise(() => {}) // and does not return
    })
    await client.write(bytes(get()))
    await expect(readToEnd(client)).rejects.toMatchObject({ code: 'TCP_RESET' })
  })

  test('that leaves the scope of a body it has ended does no harm', async () => {
    const output = await exchange(async (_request, respond) => {
      await using body = await respond(200)
      await body.end()
    }, get() + get())
    expect(statusLines(output)).toHaveLength(2)
  })

  test.each(['an answer', 'an end of its answer'])(
    'whose client has gone is not blamed for returning without %s',
    async (what) => {
      const { client, served } = converse(async (request, respond) => {
        if (what !== 'an answer') await respond(200)
        client.abort()
        if (!request.signal.aborted) await new Promise((resolve) => request.signal.addEventListener('abort', resolve))
      })
      client.write(bytes(get())).catch(() => {}) // it may find its own connection gone
      expect(await served).toBeUndefined()
    },
  )

  test('learns by its signals that the client is gone', async () => {
    const reasons: unknown[] = []
    const { client, served } = converse(async (request, respond) => {
      const body = await respond(200)
      client.abort()
      if (!request.signal.aborted) await new Promise((resolve) => request.signal.addEventListener('abort', resolve))
      reasons.push(request.signal.reason, body.signal.reason)
      await body.write(bytes('x'))
    })
    await client.write(bytes(get()))
    expect(await served).toMatchObject({ code: 'TCP_RESET' })
    expect(reasons).toEqual([expect.objectContaining({ code: 'TCP_RESET' }), reasons[0]])
  })

  test('that has answered is not told of what happens to the connection later', async () => {
    const asked: IncomingRequest[] = []
    const signals: AbortSignal[] = []
    const { client, served } = converse(async (request, respond) => {
      asked.push(request)
      if (request.target === '/used') signals.push(request.signal)
      await respond(200, {}, '')
    })
    await client.write(bytes(get('/used') + get('/unused') + get('/last')))
    for (let answers = 0; answers < 3; answers++) await readUntil(client, '\r\n\r\n')
    client.abort()
    await served
    expect([signals[0]?.aborted, asked[1]?.signal.aborted]).toEqual([false, false])
  })

  test('goes on when the client has closed only its own side', async () => {
    const { client } = converse(async (_request, respond) => {
      const body = await respond(200)
      for (const part of ['a', 'b', 'c']) await body.write(bytes(part))
      await body.end()
    })
    await client.write(bytes(get()))
    await client.end()
    expect(await readToEnd(client)).toMatch(/1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n$/)
  })
})

describe('a client that is slow', () => {
  test('with its head is a 408, however often it sends another byte', async () => {
    const { client, served } = converse(echoTarget, { headTimeout: 50, lingerTimeout: 1 })
    await client.write(bytes('GET / HTTP/1.1\r\nHost: a\r\nA: '))
    const drip = setInterval(() => client.write(bytes('x')).catch(() => {}), 5)
    const output = await readUntil(client, '\r\n\r\n')
    clearInterval(drip)
    expect(output).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/)
    expect(await served).toMatchObject({
      code: 'HTTP_TIMEOUT',
      status: 408,
      message: expect.stringContaining('headTimeout'),
    })
  })

  test.each([
    ['before its first request', { headTimeout: 10 }, ''],
    ['before its next request', { keepAliveTimeout: 10 }, get()],
  ])('%s is closed without a word', async (_when, options, input) => {
    const { client, served } = converse(echoTarget, options)
    await client.write(bytes(input))
    if (input !== '') await readUntil(client, '\r\n\r\n/')
    expect(await client.read()).toBeNull()
    await client.end()
    expect(await served).toBeUndefined()
  })

  test('with its next request is closed, also when the answer before took longer than its patience', async () => {
    vi.useFakeTimers()
    const { client, served } = converse(
      async (request, respond) => {
        if (request.target === '/slow') await vi.advanceTimersByTimeAsync(30)
        await respond(200, {}, request.target)
      },
      { keepAliveTimeout: 10 },
    )
    await client.write(bytes(get('/')))
    await readUntil(client, '\r\n\r\n/')
    await client.write(bytes(get('/slow')))
    await readUntil(client, '\r\n\r\n/slow')
    const end = client.read()
    await vi.advanceTimersByTimeAsync(20)
    expect(await end).toBeNull()
    await client.end()
    expect(await served).toBeUndefined()
  })

  test.each([
    ['bodyIdleTimeout', { bodyIdleTimeout: 10 }],
    ['requestTimeout', { requestTimeout: 10 }],
  ])('with a body that somebody waits for is a 408 by %s', async (option, options) => {
    const { client, served } = converse(
      async (request, respond) => {
        await respond(200, {}, await request.body.text())
      },
      { ...options, lingerTimeout: 1 },
    )
    await client.write(bytes(post('hello').slice(0, -1)))
    expect(await readUntil(client, '\r\n\r\n')).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/)
    expect(await served).toMatchObject({ code: 'HTTP_TIMEOUT', message: expect.stringContaining(option) })
  })

  test('to close after the last answer is not waited for longer than lingerTimeout', async () => {
    const { client, served } = converse(echoTarget, { lingerTimeout: 1 })
    await client.write(bytes(get('/', 'Connection: close\r\n')))
    expect(await readToEnd(client)).toMatch(/^HTTP\/1.1 200 OK/)
    expect(await served).toBeUndefined() // although the client never closes
  })

  test('to take the last answer is not waited for for ever', async () => {
    const { client, served } = converse(
      (_request, respond) => {
        respond(200, { Connection: 'close' }, new Uint8Array(2 ** 20)).catch(() => {})
      },
      { lingerTimeout: 5 },
    )
    await client.write(bytes(get()))
    expect(await served).toBeUndefined() // although the client never reads
    expect(client.signal.aborted).toBe(true)
  })

  test('may be slow for ever where the limits say so', async () => {
    const limits = {
      headTimeout: Number.POSITIVE_INFINITY,
      keepAliveTimeout: 2 ** 31,
      bodyIdleTimeout: 0,
      requestTimeout: 0,
    }
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const { client } = converse(echoTarget, limits)
    for (const part of ['GET / HT', 'TP/1.1\r\nHost: a\r\n\r\n', 'GET /next HTTP/1.1\r\nHost: a\r\n\r\n']) {
      await vi.advanceTimersByTimeAsync(7 * 24 * 3_600_000)
      await client.write(bytes(part))
    }
    await readUntil(client, '/next')
    await client.end()
  })

  test.each(['headTimeout', 'requestTimeout', 'bodyIdleTimeout', 'keepAliveTimeout', 'lingerTimeout', 'drainSize'])(
    'cannot be given a %s that is not a number',
    async (name) => {
      expect(await converse(echoTarget, { [name]: Number.NaN }).served).toBeInstanceOf(RangeError)
      expect(await converse(echoTarget, { [name]: -1 }).served).toBeInstanceOf(RangeError)
    },
  )
})
