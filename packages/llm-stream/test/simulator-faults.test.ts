import { constants, gunzipSync } from 'node:zlib'
import { request } from '@sse-from-scratch/chunked'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { describeWith, run } from '@sse-from-scratch/testkit'
import { describe, expect, test } from 'vitest'
import { createByteFaults } from '../src/simulator/byte-faults.ts'
import { CutShort, lineOf, withFaults } from '../src/simulator/faulty-connection.ts'
import { createCompressor } from '../src/simulator/gzip.ts'
import { parseFaults, type SimulatorOptions } from '../src/simulator/index.ts'
import { askRaw, type RawAnswer, rawRequest } from './raw-answer.ts'
import { ANTHROPIC, eventsOf, jsonOf, OPENAI, post, recordFinish, startFast, VERSION } from './simulator-client.ts'

const messages = [{ role: 'user', content: 'Tell me about rivers' }]
const chat = { model: 'm', messages, stream: true }
const closing = { Connection: 'close' }

/** All bytes of an answer with these faults. */
async function answerWith(faults: string, enough?: (text: string) => boolean, body: object = chat): Promise<RawAnswer> {
  await using simulator = await startFast({ now: () => 0 })
  return await askRaw(simulator.port, rawRequest(OPENAI, body, { ...closing, 'x-sim-fault': faults }), enough)
}

/** The chunks of a body, as they are: `size CRLF data CRLF` each. */
function chunksIn(body: string): readonly string[] {
  const chunks: string[] = []
  for (let at = 0; at < body.length; ) {
    const line = body.indexOf('\r\n', at)
    const end = line + 2 + Number.parseInt(body.slice(at, line), 16) + 2
    chunks.push(body.slice(at, end))
    at = end
  }
  return chunks
}

const HAS_DONE_ALL = /\[DONE\]/g
const HAS_DONE = /data: \[DONE\]\n\n/
const TERMINATOR = '0\r\n\r\n'

describe('cut:', () => {
  test('without a word, behind the event: FIN, and no last chunk', async () => {
    const { body, end } = await answerWith('cut=fin@3')
    expect([end, body.endsWith('}\n\n\r\n'), chunksIn(body).length]).toEqual(['fin', true, 3])
  })

  test('utf8: the last byte is the first of four', async () => {
    const { body, end } = await answerWith('cut=utf8@3')
    expect(end).toBe('fin')
    expect(body.charCodeAt(body.length - 1)).toBe(0xf0)
    expect(chunksIn(body)).toHaveLength(3)
  })

  test('json: it ends inside a string', async () => {
    const { body } = await answerWith('cut=json@3')
    const last = body.slice(body.lastIndexOf('data: ') + 6)
    expect(() => JSON.parse(`${last}"`)).toThrow()
    expect((last.match(/"/g)?.length ?? 0) % 2).toBe(1)
  })

  test('chunk-size: one digit of two came', async () => {
    const { body } = await answerWith('cut=chunk-size@3')
    expect(body).toMatch(/\n\n\r\n[0-9a-f]$/)
    expect(chunksIn(`${body}\r\n`)).toHaveLength(3)
  })

  test('rst: a reset and no FIN', async () => {
    const [ours, theirs] = memoryPair()
    const wrapped = withFaults(ours)
    const line = lineOf(wrapped)
    line?.arm(createByteFaults(parseFaults('cut=rst@byte:3')))
    await expect(wrapped.write(new TextEncoder().encode('HTTP'))).rejects.toBeInstanceOf(CutShort)
    expect(new TextDecoder().decode((await theirs.read()) ?? undefined)).toBe('HTT')
    await expect(theirs.read()).rejects.toMatchObject({ code: 'TCP_RESET' })
  })

  test('fin: the connection is kept until the client hangs up, too, so that no RST overtakes the end', async () => {
    const [ours, theirs] = memoryPair()
    const wrapped = withFaults(ours)
    lineOf(wrapped)?.arm(createByteFaults(parseFaults('cut=fin@byte:3')))
    let over = false
    const written = wrapped.write(new TextEncoder().encode('HTTP')).finally(() => {
      over = true
    })
    expect((await theirs.read())?.length).toBe(3)
    expect(await theirs.read()).toBeNull()
    for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve)) // turns in which it could be
    expect(over).toBe(false)
    await Promise.all([expect(written).rejects.toBeInstanceOf(CutShort), theirs.end()])
  })

  test('clean: HTTP ends as it should, the answer does not', async () => {
    const { body, end } = await answerWith('cut=clean@3')
    expect([end, body.endsWith(TERMINATOR), HAS_DONE.test(body), chunksIn(body).length]).toEqual([
      'fin',
      true,
      false,
      4,
    ])
  })

  test('at a byte, counted from the first of the head', async () => {
    for (const n of [0, 1, 20, 500, 1500]) {
      const { text, end } = await answerWith(`cut=fin@byte:${n}`)
      expect([text.length, end]).toEqual([n, 'fin'])
    }
  })

  test('further than the answer goes, it is at its end', async () => {
    const { body } = await answerWith('cut=fin@100000')
    expect([HAS_DONE.test(body), body.endsWith(TERMINATOR)]).toEqual([true, false])
  })

  test.each(['/v1/messages', '/v1/responses', '/v1beta/models/m:streamGenerateContent?alt=sse', '/api/chat'])(
    'utf8 finds a character in the third event or a later one of %s, too',
    async (path) => {
      await using simulator = await startFast()
      const parts = [{ text: 'hi' }]
      const body = { ...chat, input: 'hi', max_tokens: 50, contents: [{ parts }] }
      const headers = { ...closing, ...VERSION, 'x-sim-fault': 'cut=utf8@3' }
      const answer = await askRaw(simulator.port, rawRequest(path, body, headers))
      expect(answer.body.charCodeAt(answer.body.length - 1)).toBe(0xf0)
      expect(answer.head).toMatch(/^HTTP\/1.1 200/)
    },
  )
})

describe('silence:', () => {
  test('a stall sends nothing behind its event, and the server notices when the client leaves', async () => {
    const { onFinish, finished } = recordFinish()
    await using simulator = await startFast({ onFinish })
    const request = rawRequest(OPENAI, { ...chat, model: 'sim:stall-after=3' })
    const { body } = await askRaw(
      simulator.port,
      request,
      (text) => chunksIn(text.split('\r\n\r\n', 2)[1] ?? '').length === 3,
    )
    expect(chunksIn(body)).toHaveLength(3)
    expect(await finished).toMatchObject({ complete: false, tokens: 1 })
  })

  test('a stall with a time ends, and all of the answer comes', async () => {
    const { body, end } = await answerWith('stall=5ms@3')
    expect([HAS_DONE.test(body), body.endsWith(TERMINATOR), end]).toEqual([true, true, 'fin'])
  })

  test('a cut without a place is where the stall is, and comes after it', async () => {
    const { body, end } = await answerWith('stall=5ms@3,cut=utf8+rst')
    expect([end, body.charCodeAt(body.length - 1), chunksIn(body).length]).toEqual([
      expect.stringMatching(/reset|fin/),
      0xf0,
      3,
    ]) // on Linux a RST may look like FIN
    const stalled = await answerWith('stall-after=3,cut=utf8', (text) => text.endsWith('\u00f0'))
    expect(stalled.end).toBe('left')
  })

  test('only comments come behind the event, until the client leaves', async () => {
    const { onFinish, finished } = recordFinish()
    await using simulator = await startFast({ onFinish })
    const request = rawRequest(OPENAI, chat, { 'x-sim-fault': 'comments-only=1ms@2' })
    const { body } = await askRaw(simulator.port, request, (text) => text.split(': keep-alive').length > 5)
    expect(body.split('data: ').length - 1).toBe(2)
    expect(await finished).toMatchObject({ complete: false })
  })

  test('the body stays open behind the last mark', async () => {
    const { body, end } = await answerWith('linger', (text) => text.includes('[DONE]'))
    expect([end, body.endsWith(TERMINATOR)]).toEqual(['left', false])
    expect((await answerWith('linger=5ms')).body.endsWith(TERMINATOR)).toBe(true)
  })

  test('half-open: not even the FIN of the client is noticed', async () => {
    const { onFinish, finished } = recordFinish()
    let over = false
    const simulator = await startFast({ onFinish })
    void finished.then(() => {
      over = true
    })
    const request = rawRequest(OPENAI, { ...chat, model: 'sim:half-open@2' })
    await askRaw(simulator.port, request, (text) => text.split('data: ').length === 3, 'end')
    expect((await post(simulator.url + OPENAI, { ...chat, model: 'sim:status=500' })).status).toBe(500) // it had time
    expect(over).toBe(false)
    await simulator.close()
    expect(await finished).toMatchObject({ complete: false })
  })
})

describe('framing:', () => {
  const whole = async (faults: string) => {
    const { body, head } = await answerWith(faults)
    return { body, head: head.toLowerCase() }
  }

  test('close and http10 have no length, and FIN is the end', async () => {
    const plain = chunksIn((await answerWith('delay=0')).body).map((chunk) =>
      chunk.slice(chunk.indexOf('\r\n') + 2, -2),
    )
    for (const [fault, version] of [
      ['framing=close', 'http/1.1'],
      ['http10', 'http/1.0'],
    ] as const) {
      const { head, body } = await whole(fault)
      expect(head).toContain(`${version} 200`)
      expect(head).not.toMatch(/transfer-encoding|content-length/)
      expect(body).toBe(plain.join(''))
    }
  })

  test.each([
    ['framing=length', 0],
    ['length=+10', 10],
    ['length=-10', -10],
  ])('%s has a Content-Length that is off by %i', async (fault, off) => {
    const { head, body } = await whole(fault)
    expect(Number(/content-length: (\d+)/.exec(head)?.[1]) - body.length).toBe(off)
    expect(body).toMatch(HAS_DONE)
  })

  test('a bad chunk-size, a lying one, and data without its CRLF, each at its event', async () => {
    const right = chunksIn((await answerWith('delay=0')).body)
    const upTo = (n: number) => right.slice(0, n).join('')
    const third = right[2] ?? ''
    const size = (body: string) => body.slice(upTo(2).length).split('\r\n')[0] ?? ''
    expect(size((await answerWith('corrupt=size@3')).body)).toBe(third.split('\r\n')[0]?.replace(/^./, 'z'))
    const lying = size((await answerWith('size=+5@3')).body)
    expect(Number.parseInt(lying, 16) - Number.parseInt(third, 16)).toBe(5)
    expect((await answerWith('corrupt=crlf@3')).body).toBe(upTo(2) + third.slice(0, -2) + right.slice(3).join(''))
  })

  test('strip=terminator: all of the answer, and FIN in the place of the last chunk', async () => {
    const { body, end } = await answerWith('strip=terminator')
    expect([HAS_DONE.test(body), body.endsWith(TERMINATOR), end]).toEqual([true, false, 'fin'])
  })

  test('interim responses come before the head, and the type is another one', async () => {
    const { text } = await answerWith('interim=100+103+103,type=text/html')
    expect(text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 100', 'HTTP/1.1 103', 'HTTP/1.1 103', 'HTTP/1.1 200'])
    expect(text).toContain('Content-Type: text/html\r\n')
    expect(text).not.toContain('event-stream')
  })

  test.each(['flush', 'noflush'])('gzip=%s is the same stream, compressed', async (how) => {
    const plain = (await answerWith('framing=close')).body
    const { head, body } = await answerWith(`framing=close,gzip=${how}`)
    expect(head).toContain('Content-Encoding: gzip')
    expect(gunzipSync(Buffer.from(body, 'latin1')).toString('latin1')).toBe(plain)
  })

  test('a compressor that is not flushed holds a piece back, and one that is does not', async () => {
    const piece = new TextEncoder().encode('data: hello\n\n')
    const partly = { finishFlush: constants.Z_SYNC_FLUSH } // it has no end yet
    expect(gunzipSync(await createCompressor(true).push(piece), partly)).toEqual(Buffer.from(piece))
    expect((await createCompressor(false).push(piece)).length).toBeLessThanOrEqual(10) // its header (RFC 1952 §2.3)
  })

  test('split and drip change when bytes come, and no byte', async () => {
    const words = { min: 1, max: 1 }
    const answers = await Promise.all(
      ['delay=0', 'split=1', 'split=7', 'split-head=1', 'drip=0'].map(async (fault) => {
        await using simulator = await startFast({ words, now: () => 0 })
        return await askRaw(
          simulator.port,
          rawRequest(OPENAI, { ...chat, max_tokens: 3 }, { ...closing, 'x-sim-fault': fault }),
        )
      }),
    )
    const texts = answers.map(({ text }) => text.replace(/Date: .*/, ''))
    expect(new Set(texts).size).toBe(1)
    expect(answers[1]?.reads.length).toBeGreaterThan((answers[0]?.reads.length ?? 0) * 5)
  })
})

describe('events:', () => {
  const eventsWith = async (faults: string) => {
    await using simulator = await startFast()
    return await eventsOf(await post(`${simulator.url}${OPENAI}?sim=${encodeURIComponent(faults)}`, chat))
  }

  test('an error comes in the place of its event, and is the last', async () => {
    expect(await eventsWith('error=quota')).toMatchObject([{ data: { error: { code: 'insufficient_quota' } } }])
    const events = await eventsWith('error=overloaded@4')
    expect(events).toHaveLength(4)
    expect(events.at(-1)?.data).toMatchObject({ error: { message: expect.any(String), type: 'server_error' } })
  })

  test('an error further than the answer goes takes the place of its last mark', async () => {
    const events = await eventsWith('error=server@100000')
    expect(events.at(-1)?.data).toHaveProperty('error')
    expect(events.at(-2)?.data.choices[0].finish_reason).toBe('stop')
  })

  test('a dropped event is missing, and so is a last mark that is left out', async () => {
    await using simulator = await startFast({ now: () => 0 })
    const lines = async (sim: string) => {
      const response = await post(`${simulator.url}${OPENAI}?sim=${sim}`, chat)
      return (await response.text()).split('\n\n').map((line) => line.replace(/chatcmpl-\w+/, ''))
    }
    const all = await lines('delay=0')
    expect(await lines('drop@3')).toEqual(all.toSpliced(2, 1))
    expect(await lines('no-done')).toEqual(all.filter((line) => !line.includes('[DONE]')))
  })

  test('the last event lacks its blank line, lines end in CR, a mark of the byte order comes first', async () => {
    const last = chunksIn((await answerWith('strip=blank-line')).body).at(-2)
    expect(last).toBe('c\r\ndata: [DONE]\r\n')
    const cr = (await answerWith('cr,framing=close')).body
    expect([cr.includes('\n'), cr.endsWith('data: [DONE]\r\r')]).toEqual([false, true])
    expect((await answerWith('bom,framing=close')).body).toMatch(/^\u00ef\u00bb\u00bfdata: /)
  })

  test('a page, and one JSON value though a stream was asked for', async () => {
    await using simulator = await startFast()
    const page = await post(`${simulator.url}${OPENAI}?sim=page`, chat)
    expect([page.status, page.headers.get('content-type'), await page.text()]).toEqual([
      200,
      'text/html',
      expect.stringMatching(/^<!doctype html>/),
    ])
    const whole = await post(`${simulator.url}${OPENAI}?sim=whole`, chat)
    expect(await jsonOf(whole)).toMatchObject({ object: 'chat.completion', choices: [{ finish_reason: 'stop' }] })
  })
})

describe('statuses:', () => {
  test.each([
    ['overloaded', [503, 529, 503, 503]],
    ['rate-limit', [429, 429, 429, 429]],
    ['quota', [429, 429, 429, 402]],
    ['server', [500, 500, 500, 500]],
    ['timeout', [504, 504, 504, 504]],
    ['billing', [402, 402, 403, 402]],
    ['auth', [401, 401, 401, 401]],
    ['permission', [403, 403, 403, 403]],
    ['418', [418, 418, 418, 418]],
  ])('%s is what each service makes of it, in its own shape', async (name, statuses) => {
    await using simulator = await startFast({ faults: `status=${name}` })
    const asks = [
      [OPENAI, chat, {}],
      [ANTHROPIC, { ...chat, max_tokens: 9 }, VERSION],
      ['/v1beta/models/m:generateContent', { contents: [{ parts: [{ text: 'hi' }] }] }, {}],
      ['/api/chat', chat, {}],
    ] as const
    const answers = await Promise.all(asks.map(([path, body, headers]) => post(simulator.url + path, body, headers)))
    expect(answers.map(({ status }) => status)).toEqual(statuses)
    expect(await Promise.all(answers.map(jsonOf))).toMatchObject([
      { error: { message: expect.any(String), type: expect.any(String), param: null } },
      { type: 'error', error: { type: expect.any(String) }, request_id: expect.stringMatching(/^req_/) },
      { error: { code: statuses[2], status: expect.stringMatching(/^[A-Z_]+$/) } },
      { error: expect.any(String) },
    ])
  })

  test('the time to wait is said in each of the three ways', async () => {
    const fieldOf = async (retry: string, name: string) => {
      await using simulator = await startFast({
        now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 600),
        faults: `status=429,${retry}`,
      })
      return (await post(simulator.url + OPENAI, chat)).headers.get(name)
    }
    expect(await fieldOf('retry-after=2s', 'retry-after')).toBe('2')
    expect(await fieldOf('retry-after=500ms', 'retry-after')).toBe('0.5')
    expect(await fieldOf('retry-after=ms:1500', 'retry-after-ms')).toBe('1500')
    expect(await fieldOf('retry-after=date:2s', 'retry-after')).toBe('Fri, 02 Jan 2026 03:04:08 GMT')
  })

  test('an error can be cut, too', async () => {
    const { body, end } = await answerWith('status=500,cut=json')
    expect([end, body.length > 10, body.includes('}')]).toEqual(['fin', true, false])
  })

  test('only the first requests are hit, each specification for itself', async () => {
    await using simulator = await startFast()
    const statuses = async (sim: string) => {
      const seen: number[] = []
      for (let i = 0; i < 4; i++) seen.push((await post(`${simulator.url}${OPENAI}?sim=${sim}`, chat)).status)
      return seen
    }
    expect(await statuses('status=503,times=2')).toEqual([503, 503, 200, 200])
    expect(await statuses('status=500,times=1')).toEqual([500, 200, 200, 200])
  })
})

describe('selection:', () => {
  test('the field comes before the query, the query before the model, the model before the option', async () => {
    await using simulator = await startFast({ faults: 'status=401' })
    const status = async (path: string, model: string, headers = {}) =>
      (await post(simulator.url + path, { ...chat, model }, headers)).status
    expect(await status(OPENAI, 'm')).toBe(401)
    expect(await status(OPENAI, 'sim:status=402')).toBe(402)
    expect(await status(`${OPENAI}?sim=status%3D403`, 'sim:status=402')).toBe(403)
    expect(await status(`${OPENAI}?sim=status%3D403`, 'sim:status=402', { 'x-sim-fault': 'status=404' })).toBe(404)
  })

  test('a plus in a query is a plus, with or without percents', async () => {
    await using simulator = await startFast()
    for (const sim of ['cut=json+clean', 'cut=json%2Bclean']) {
      const text = await (await post(`${simulator.url}${OPENAI}?sim=${sim}`, chat)).text()
      expect(text).not.toMatch(/\n$/)
    }
  })

  test('a model in a path may be written with or without percents', async () => {
    await using simulator = await startFast()
    for (const model of ['sim:status=404', 'sim%3Astatus%3D404']) {
      const path = `/v1beta/models/${model}:streamGenerateContent?alt=sse`
      expect((await post(simulator.url + path, { contents: [{ parts: [{ text: 'hi' }] }] })).status).toBe(404)
    }
  })

  test('a specification that cannot be read is a 400 that says what can be', async () => {
    await using simulator = await startFast()
    const response = await post(simulator.url + OPENAI, { ...chat, model: 'sim:explode' })
    expect([response.status, await jsonOf(response)]).toMatchObject([
      400,
      { error: { code: 'invalid_fault', message: expect.stringMatching(/"explode".*stall-after/) } },
    ])
  })

  test('an option that cannot be read is the caller’s mistake', async () => {
    await expect(startFast({ faults: 'explode' })).rejects.toBeInstanceOf(TypeError)
    const faults: SimulatorOptions = { faults: parseFaults('status=500') }
    await using simulator = await startFast(faults)
    expect((await post(simulator.url + OPENAI, chat)).status).toBe(500)
  })

  test('a fault that did not come to pass does not wait for the next request of the connection', async () => {
    await using simulator = await startFast()
    const first = rawRequest(OPENAI, { ...chat, max_tokens: 1 }, { 'x-sim-fault': 'corrupt=size@9' })
    const { body, end } = await askRaw(simulator.port, first + rawRequest(OPENAI, chat, closing))
    expect([body.match(HAS_DONE_ALL)?.length, /\n\r\nz/.test(body), end]).toEqual([2, false, 'fin'])
  })

  test('the next request of the connection is as it should be', async () => {
    await using simulator = await startFast()
    for (const fault of ['drop@2', 'split=3', 'stall=1ms', 'interim=103', 'error=server@2']) {
      const bad = await request(simulator.url + OPENAI, asked({ ...chat, model: `sim:${fault}` }))
      await bad.body.bytes()
      const good = await request(simulator.url + OPENAI, asked(chat))
      expect(await good.body.text()).toMatch(/\[DONE\]/)
    }
  })
})

function asked(body: object): { method: string; headers: Record<string, string>; body: string } {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

describeWith(['curl'], 'curl', ([curl]) => {
  /** Exit codes of curl: 18 partial file, 56 receive error. On Linux a RST right behind data may look like FIN. */
  test.each([
    ['cut=fin@3', [18]],
    ['cut=chunk-size@3', [18]],
    ['strip=terminator', [18]],
    ['length=+10', [18]],
    ['cut=rst@3', [56, 18]],
    ['corrupt=size@3', [56]],
    ['cut=clean@3', [0]],
    ['interim=100+103', [0]],
    ['framing=close', [0]],
    ['http10', [0]],
  ])('%s ends it with %j', async (faults, expected) => {
    await using simulator = await startFast({ faults })
    const args = ['-sSN', simulator.url + OPENAI, '-H', 'Content-Type: application/json', '-d', JSON.stringify(chat)]
    expect(expected).toContain((await run(curl?.path ?? '', args)).code)
  })
})
