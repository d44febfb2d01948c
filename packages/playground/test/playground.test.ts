import { get as nodeGet } from 'node:http'
import { serve } from '@sse-from-scratch/chunked'
import { openai } from '@sse-from-scratch/llm-stream'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { simulatedTargets, startServer, withRealModels } from '@sse-from-scratch/playground'
import { createEventDecoder, readEvents, type ServerSentEvent } from '@sse-from-scratch/sse-client'
import { connect } from '@sse-from-scratch/tcp-echo'
import { decodeAll } from '@sse-from-scratch/tcp-echo/testing'
import { describeWith, run } from '@sse-from-scratch/testkit'
import { EventSource, fetch } from 'undici'
import { describe, expect, test } from 'vitest'
import { MODELS_SHOWN } from '../src/choices.ts'
import { FAULTS } from '../src/faults.ts'
import { type GatedModel, gatedText, PART, startGatedModel } from './gated-model.ts'
import { type House, startHouse } from './house.ts'

const get = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers })

async function eventsOf(url: string, headers: Record<string, string> = {}): Promise<ServerSentEvent[]> {
  const response = await get(url, headers)
  expect(response.status).toBe(200)
  const events: ServerSentEvent[] = []
  for await (const event of readEvents(response as never)) events.push(event)
  return events
}

const LONG = { tokensPerSecond: 100, words: { min: 5000, max: 5000 } }

const textOf = (events: readonly ServerSentEvent[]) =>
  events
    .filter(({ type }) => type === 'token')
    .map(({ data }) => JSON.parse(data).delta)
    .join('')

describe('the answer', () => {
  test.each(['openai', 'openai-responses', 'anthropic', 'gemini', 'ollama'])(
    '%s: start, tokens with ids that count, usage and a complete end',
    async (wire) => {
      await using house = await startHouse()
      const events = await eventsOf(`${house.url}/events?prompt=hello&wire=${wire}&run=r1`)
      const types = events.map(({ type }) => type)
      expect(types[0]).toBe('start')
      expect(types.filter((type) => type === 'token').length).toBeGreaterThan(20)
      expect(types).toContain('usage')
      expect(types.at(-1)).toBe('end')
      expect(JSON.parse(events.at(-1)?.data ?? '')).toMatchObject({ complete: true, stopReason: 'stop' })
      expect(events.map(({ lastEventId }) => lastEventId)).toEqual(events.map((_, n) => `r1.${n + 1}`))
      expect(house.errors).toEqual([])
    },
  )

  test('all wire formats carry the same answer, and another prompt gets another one', async () => {
    await using house = await startHouse()
    const ask = async (prompt: string, wire: string) =>
      textOf(await eventsOf(`${house.url}/events?prompt=${encodeURIComponent(prompt)}&wire=${wire}`))
    const answer = await ask('Why do rivers bend?', 'openai')
    for (const wire of ['openai-responses', 'anthropic', 'gemini', 'ollama'])
      expect(await ask('Why do rivers bend?', wire), wire).toBe(answer)
    expect(await ask('What is bread?', 'openai')).not.toBe(answer)
  })

  test('the head tells proxies and caches to keep their hands off', async () => {
    await using house = await startHouse()
    const { headers } = await get(`${house.url}/events?prompt=hello`)
    expect(headers.get('content-type')).toMatch(/^text\/event-stream/)
    expect(headers.get('x-accel-buffering')).toBe('no')
    expect(headers.get('cache-control')).toContain('no-cache')
  })

  test('node:http reads the same events', async () => {
    await using house = await startHouse()
    const parts = await new Promise<Buffer[]>((resolve, reject) => {
      nodeGet(`${house.url}/events?prompt=hello`, async (response) => resolve(await response.toArray())).on(
        'error',
        reject,
      )
    })
    const types = decodeAll(createEventDecoder(), parts).flatMap((item) =>
      item.kind === 'event' ? [item.event.type] : [],
    )
    expect([types[0], types.at(-1)]).toEqual(['start', 'end'])
  })
})

describe('the end', () => {
  test('an EventSource that does not close itself comes back once, gets 204 and stays closed', async () => {
    await using house = await startHouse()
    const source = new EventSource(`${house.url}/events?prompt=hello&run=r2`)
    let opened = 0
    const types: string[] = []
    source.onopen = () => opened++
    for (const type of ['start', 'end']) source.addEventListener(type, () => types.push(type))
    await new Promise<void>((resolve) => {
      source.onerror = () => {
        if (source.readyState === EventSource.CLOSED) resolve()
      }
    })
    expect(opened).toBe(1)
    expect(types).toEqual(['start', 'end'])
  })

  test('who comes back in the middle gets the rest once, and 204 after it', async () => {
    await using house = await startHouse()
    const all = await eventsOf(`${house.url}/events?prompt=hello&run=r3`)
    const seen = all[10] as ServerSentEvent
    const rest = await eventsOf(`${house.url}/events?prompt=hello&run=r3`, { 'Last-Event-ID': seen.lastEventId })
    expect(rest).toEqual(all.slice(11))
    const last = all.at(-1)?.lastEventId ?? ''
    expect((await get(`${house.url}/events?prompt=hello&run=r3`, { 'Last-Event-ID': last })).status).toBe(204)
  })

  test('an id this process never gave out is answered with 204, not with a new answer', async () => {
    await using house = await startHouse()
    expect((await get(`${house.url}/events?prompt=hello`, { 'Last-Event-ID': 'long-ago.7' })).status).toBe(204)
  })

  test('a client that leaves in the middle and does not come back stops the generation', async () => {
    await using house = await startHouse({ ...LONG, runs: { resumeTimeout: 50 } })
    const leave = new AbortController()
    const response = await fetch(`${house.url}/events?prompt=hello&run=r4`, { signal: leave.signal })
    for await (const event of readEvents(response as never)) if (event.type === 'token') break
    leave.abort()
    expect(await house.finished()).toMatchObject({ complete: false })
  })

  test('who comes back too late gets what was made, and an end that says it was cut', async () => {
    await using house = await startHouse({ ...LONG, runs: { resumeTimeout: 50 } })
    const url = `${house.url}/events?prompt=hello&run=r5`
    const leave = new AbortController()
    const response = await fetch(url, { signal: leave.signal })
    let seen = ''
    for await (const event of readEvents(response as never)) {
      seen = event.lastEventId
      if (event.type === 'token') break
    }
    leave.abort()
    await house.finished()
    const rest = await eventsOf(url, { 'Last-Event-ID': seen })
    expect(rest.at(-1)?.type).toBe('end')
    expect(JSON.parse(rest.at(-1)?.data ?? '')).toMatchObject({ complete: false })
    expect(rest.find(({ type }) => type === 'failure')?.data).toContain('Nobody has listened for 0.05 s')
  })
})

describe('a line that is cut', () => {
  /** Reads the answer with undici's EventSource until it ends, cutting the line behind each part but the last. */
  async function hearThroughCuts(house: House, model: GatedModel, run: string, cuts: number) {
    const source = new EventSource(`${house.url}/events?prompt=hello&run=${run}`)
    const ids: string[] = []
    let opened = 0
    let tokens = 0
    let text = ''
    source.onopen = () => opened++
    const cut = async () => {
      await fetch(`${house.url}/cut?run=${run}`, { method: 'POST' })
      model.go() // the model speaks while there is no line
    }
    const end = await new Promise<{ complete: boolean }>((resolve) => {
      for (const type of ['start', 'token', 'usage', 'metrics', 'failure', 'end'])
        source.addEventListener(type, (event) => {
          const { data, lastEventId } = event as MessageEvent
          ids.push(lastEventId)
          if (type === 'end') resolve(JSON.parse(data))
          if (type !== 'token') return
          text += JSON.parse(data).delta
          if (++tokens % PART === 0 && tokens <= cuts * PART) void cut()
        })
    })
    source.close()
    return { ids, opened, text, end }
  }

  test('comes back with Last-Event-ID while the answer goes on: every event once, in its place', async () => {
    await using model = await startGatedModel(3)
    await using house = await startHouse({ targets: model.targets })
    const { ids, opened, text, end } = await hearThroughCuts(house, model, 'cut', 2)
    expect(opened).toBe(3)
    expect(ids).toEqual(ids.map((_, n) => `cut.${n + 1}`))
    expect(end.complete).toBe(true)
    expect(text).toBe(gatedText(3))
  })

  test('leaves its marks among the bytes, and the bytes of every line are there', async () => {
    await using model = await startGatedModel(2)
    await using house = await startHouse({ targets: model.targets })
    const told = eventsOf(`${house.url}/bytes?run=marks`)
    const { ids } = await hearThroughCuts(house, model, 'marks', 1)
    const events = (await told).map(({ type, data }) => ({ type, ...JSON.parse(data) }))
    const kinds = events.filter(({ type }) => type === 'mark').map(({ kind }) => kind)
    expect(kinds).toEqual(['cut', 'resumed'])
    const lines = [1, 2].map((line) =>
      events
        .filter((event) => event.leg === 'browser' && event.line === line)
        .map(({ bytes }) => Buffer.from(bytes, 'base64').toString())
        .join(''),
    )
    for (const line of lines) expect(line).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    const heard = lines.flatMap((line) => [...line.matchAll(/^id: (.*)$/gm)].map(([, id]) => id))
    expect(new Set(heard)).toEqual(new Set(ids))
    expect(lines[1]?.endsWith('\r\n0\r\n\r\n')).toBe(true)
  })

  test('is one that somebody listens on', async () => {
    await using house = await startHouse()
    const response = await fetch(`${house.url}/cut?run=nobody`, { method: 'POST' })
    expect(await response.json()).toEqual({ cut: 0 })
  })

  test('after the last word costs nothing but that word: the rest can still be fetched', async () => {
    await using house = await startHouse()
    const all = await eventsOf(`${house.url}/events?prompt=hello&run=late`)
    await fetch(`${house.url}/cut?run=late`, { method: 'POST' })
    const rest = await eventsOf(`${house.url}/events?prompt=hello`, { 'Last-Event-ID': 'late.1' })
    expect(rest).toEqual(all.slice(1))
  })
})

test('whoever says that nobody will come back stops the model at once', async () => {
  await using house = await startHouse(LONG)
  const response = await get(`${house.url}/events?prompt=hello&run=stop`)
  const types: string[] = []
  for await (const event of readEvents(response as never)) {
    types.push(event.type)
    if (types.length === 3) await fetch(`${house.url}/stop?run=stop`, { method: 'POST' })
  }
  expect(types.slice(-2)).toEqual(['failure', 'end'])
  expect(await house.finished()).toMatchObject({ complete: false })
})

test('of fifty questions at once as many are answered as there is room for; the others are told why not', async () => {
  const runs = { kept: 8, resumeTimeout: 50 }
  await using house = await startHouse({ tokensPerSecond: 20, words: { min: 500, max: 500 }, runs })
  const leave = new AbortController()
  const asked = Array.from({ length: 50 }, () => fetch(`${house.url}/events?prompt=hello`, { signal: leave.signal }))
  const responses = await Promise.all(asked)
  const answered = responses.filter(({ status }) => status === 200)
  const refused = responses.filter(({ status }) => status === 503)
  expect([answered.length, refused.length]).toEqual([8, 42])
  for (const response of refused)
    expect(await response.text()).toBe('8 answers are under way; no more until one is over.\n')
  const firstToken = async (response: (typeof answered)[number]) => {
    for await (const bytes of response.body ?? []) if (Buffer.from(bytes).includes('event: token')) break
  }
  await Promise.all(answered.map(firstToken)) // leaving the loop hangs up
  for (const _model of answered) expect(await house.finished()).toMatchObject({ complete: false })
  const { status } = await fetch(`${house.url}/events?prompt=hello`, { signal: leave.signal })
  expect(status).toBe(200)
  leave.abort()
  expect(house.errors).toEqual([])
})

describe('what can be chosen', () => {
  test('is told without an address and without a key', async () => {
    const provider = openai({ baseUrl: 'http://127.0.0.1:1/secret-path', apiKey: 'sk-must-not-be-seen' })
    const real = { provider, model: 'their-model', simulated: false }
    await using house = await startHouse({ targets: { ...simulatedTargets('http://127.0.0.1:2'), openai: real } })
    const text = await (await get(`${house.url}/targets`)).text()
    const { targets, faults } = JSON.parse(text)
    expect(targets[0]).toEqual({
      name: 'openai',
      label: 'OpenAI Chat Completions',
      model: 'their-model',
      simulated: false,
    })
    expect(targets).toHaveLength(5)
    expect(faults.map(({ name }: { name: string }) => name)).toContain('cut-json')
    expect(text).not.toMatch(/secret-path|must-not-be-seen|127\.0\.0\.1/)
  })

  test('a real model takes the name of its wire format, and the simulator stays beside it', () => {
    const env = {
      OPENAI_API_KEY: 'sk-1',
      GEMINI_API_KEY: 'g-1',
      LLM_BASE_URL: 'http://127.0.0.1:1/v1',
      LLM_MODEL: 'mine',
    }
    const all = withRealModels(simulatedTargets('http://127.0.0.1:2'), env)
    const real = Object.entries(all).filter(([, { simulated }]) => !simulated)
    expect(real.map(([name, { model }]) => [name, model === 'mine'])).toEqual([
      ['openai', true],
      ['openai-responses', false],
      ['gemini', false],
    ])
    expect(all['openai']?.provider.baseUrl).toBe('http://127.0.0.1:1/v1')
    expect(Object.keys(all).filter((name) => name.startsWith('simulated-'))).toEqual([
      'simulated-openai',
      'simulated-openai-responses',
      'simulated-gemini',
    ])
  })

  test('nothing goes wrong on demand with a real model', async () => {
    const real = { provider: openai({ baseUrl: 'http://127.0.0.1:1' }), model: 'm', simulated: false }
    await using house = await startHouse({ targets: { openai: real } })
    const response = await get(`${house.url}/events?prompt=hello&fault=stall`)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('ask the simulator')
  })

  test('models are those that the server lists, or none', async () => {
    const dead = { provider: openai({ baseUrl: 'http://127.0.0.1:1' }), model: undefined, simulated: false }
    await using simulator = await startSimulator({})
    await using house = await startHouse({ targets: { ...simulatedTargets(simulator.url), dead } })
    for (const wire of ['openai', 'anthropic', 'gemini', 'ollama'])
      expect(await (await get(`${house.url}/models?wire=${wire}`)).json(), wire).toMatchObject({
        models: [expect.stringMatching(/./)],
      })
    expect(await (await get(`${house.url}/models?wire=dead`)).json()).toEqual({ models: [] })
  })

  test('of a server with very many models the first ones are offered', async () => {
    const data = Array.from({ length: MODELS_SHOWN + 1 }, (_, n) => ({ id: `model-${n}` }))
    await using server = await serve((_request, respond) =>
      respond(200, { 'Content-Type': 'application/json' }, JSON.stringify({ data })).then(() => {}),
    )
    await using house = await startHouse({ targets: simulatedTargets(`http://127.0.0.1:${server.address.port}`) })
    const { models } = (await (await get(`${house.url}/models`)).json()) as { models: string[] }
    expect(models).toEqual(data.slice(0, MODELS_SHOWN).map(({ id }) => id))
  })

  const outcomes = {
    'cut-character': 'LLM_TRUNCATED',
    'cut-json': 'LLM_TRUNCATED',
    'cut-chunk-size': 'LLM_TRUNCATED',
    'cut-clean': 'LLM_TRUNCATED',
    'no-end-mark': undefined,
    'error-in-the-middle': 'LLM_OVERLOADED',
    'overloaded-once': undefined,
    quota: 'LLM_QUOTA',
    page: 'LLM_PROTOCOL',
    'bad-chunk-size': 'LLM_PROTOCOL',
    'small-writes': undefined,
    interim: undefined,
    linger: undefined,
    stall: 'LLM_TIMEOUT',
    'comments-only': 'LLM_TIMEOUT',
  }

  test('every fault ends as it should, and every fault is here', async () => {
    expect(new Set(Object.keys(outcomes))).toEqual(new Set(Object.keys(FAULTS)))
    await using house = await startHouse({ words: { min: 30, max: 30 } })
    const codes = Object.keys(outcomes).map(async (fault) => {
      const events = await eventsOf(`${house.url}/events?prompt=hello&fault=${fault}`)
      const failure = events.find(({ type }) => type === 'failure')
      expect(JSON.parse(events.at(-1)?.data ?? ''), fault).toMatchObject({ complete: failure === undefined })
      return [fault, failure && JSON.parse(failure.data).code]
    })
    expect(Object.fromEntries(await Promise.all(codes))).toEqual(outcomes)
  })
})

describe('the bytes', () => {
  interface Wire {
    readonly leg: string
    readonly bytes: string
    readonly spans: readonly [number, string, string][]
  }

  /** Everything that was written to a raw socket for one GET, up to the FIN. */
  async function rawBytes(port: number, target: string): Promise<Buffer> {
    await using connection = await connect({ port })
    await connection.write(Buffer.from(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`))
    const parts: Uint8Array[] = []
    for await (const part of connection) parts.push(part)
    return Buffer.concat(parts)
  }

  async function watch(url: string): Promise<Wire[]> {
    return (await eventsOf(url)).filter(({ type }) => type === 'bytes').map(({ data }) => JSON.parse(data))
  }

  test('what /bytes tells of a run is what the socket carried, byte for byte', async () => {
    await using house = await startHouse()
    const watched = watch(`${house.url}/bytes?run=r6`)
    const raw = await rawBytes(house.port, '/events?prompt=hello&run=r6')
    const told = (await watched).filter(({ leg }) => leg === 'browser')
    expect(Buffer.concat(told.map(({ bytes }) => Buffer.from(bytes, 'base64'))).toString()).toBe(raw.toString())
  })

  test('every byte has a name, on every layer', async () => {
    await using house = await startHouse()
    await eventsOf(`${house.url}/events?prompt=hello&run=r7`)
    const told = await watch(`${house.url}/bytes?run=r7`)
    for (const { bytes, spans } of told) {
      expect(spans.reduce((sum, [length]) => sum + length, 0)).toBe(Buffer.from(bytes, 'base64').length)
    }
    for (const leg of ['browser', 'model']) {
      const layers = new Set(
        told.filter((event) => event.leg === leg).flatMap(({ spans }) => spans.map((span) => span[1])),
      )
      expect(
        [...layers].toSorted((a, b) => a.localeCompare(b)),
        leg,
      ).toEqual(['chunked', 'http', 'llm', 'sse'])
    }
  })

  test('the bytes that carry the text of a token are named delta', async () => {
    await using house = await startHouse()
    const answer = textOf(await eventsOf(`${house.url}/events?prompt=hello&run=r8`))
    for (const leg of ['browser', 'model']) {
      let text = ''
      for (const { bytes, spans } of (await watch(`${house.url}/bytes?run=r8`)).filter((event) => event.leg === leg)) {
        const raw = Buffer.from(bytes, 'base64')
        let at = 0
        for (const [length, , element] of spans) {
          if (element === 'delta') text += raw.toString('utf8', at, at + length)
          at += length
        }
      }
      expect(JSON.parse(`"${text}"`), leg).toBe(answer)
    }
  })

  test('two runs come over one stream', async () => {
    await using house = await startHouse()
    const both = eventsOf(`${house.url}/bytes?run=a&run=b`)
    await Promise.all(['a', 'b'].map((run) => eventsOf(`${house.url}/events?prompt=hello&run=${run}`)))
    const runs = new Set((await both).map(({ lastEventId }) => lastEventId.replace(/\..*/, '')))
    expect([...runs].toSorted((a, b) => a.localeCompare(b))).toEqual(['a', 'b'])
  })

  test('who comes back for bytes gets those behind the id, and 204 when there are none', async () => {
    await using house = await startHouse()
    await eventsOf(`${house.url}/events?prompt=hello&run=back`)
    const all = await eventsOf(`${house.url}/bytes?run=back`)
    const seen = { 'Last-Event-ID': all[4]?.lastEventId ?? '' }
    expect(await eventsOf(`${house.url}/bytes?run=back`, seen)).toEqual(all.slice(5))
    const over = { 'Last-Event-ID': all.at(-1)?.lastEventId ?? '' }
    expect((await get(`${house.url}/bytes?run=back`, over)).status).toBe(204)
    expect((await get(`${house.url}/bytes?run=forgotten`, { 'Last-Event-ID': 'forgotten.3' })).status).toBe(204)
  })

  test('a cookie of the model’s is not shown', async () => {
    await using model = await serve((_request, respond) =>
      respond(
        401,
        { 'Set-Cookie': 'session=hunter2', 'Content-Type': 'application/json' },
        '{"error":{"message":"no"}}',
      ).then(() => {}),
    )
    const targets = simulatedTargets(`http://127.0.0.1:${model.address.port}`)
    await using house = await startHouse({ targets })
    await eventsOf(`${house.url}/events?prompt=hello&run=r9`)
    const told = (await watch(`${house.url}/bytes?run=r9`)).filter(({ leg }) => leg === 'model')
    const text = Buffer.concat(told.map(({ bytes }) => Buffer.from(bytes, 'base64'))).toString()
    expect(text).toContain('Set-Cookie: ***************')
    expect(text).not.toContain('hunter2')
  })
})

describe('what cannot be answered', () => {
  test.each([
    ['an empty prompt', '/events?prompt=', 400, 'prompt is empty'],
    ['no prompt', '/events', 400, 'prompt is empty'],
    ['a prompt of 100 kB', `/events?prompt=${'x'.repeat(100_000)}`, 414, ''],
    ['a prompt of 20 kB', `/events?prompt=${'x'.repeat(20_000)}`, 414, '20000 bytes'],
    [
      'an unknown wire format',
      '/events?prompt=hi&wire=carrier-pigeon',
      400,
      'openai, openai-responses, anthropic, gemini, ollama',
    ],
    ['an unknown fault', '/events?prompt=hi&fault=earthquake', 400, 'cut-json'],
    ['an invisible model', '/events?prompt=hi&model=a%1Bb', 400, 'all of them visible'],
    ['a model with a long name', `/events?prompt=hi&model=${'x'.repeat(201)}`, 400, '200 characters'],
    ['models of nobody', '/models?wire=carrier-pigeon', 400, 'use one of'],
    ['a run with a strange name', '/events?prompt=hi&run=../etc', 400, 'letters, digits and hyphens'],
    ['bytes of nothing', '/bytes', 400, '/bytes?run=NAME'],
    ['an unknown path', '/nowhere', 404, '/events?prompt=hello'],
  ])('%s is refused with a sentence', async (_what, path, status, sentence) => {
    await using house = await startHouse()
    const response = await get(`${house.url}${path}`)
    expect(response.status).toBe(status)
    expect(await response.text()).toContain(sentence)
    expect(house.errors).toEqual([])
  })

  test('another method is refused with 405 and the ones that work', async () => {
    await using house = await startHouse()
    const response = await fetch(`${house.url}/events?prompt=hi`, { method: 'POST', body: 'x' })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, HEAD')
  })

  test.each(['/cut', '/stop'])('%s changes something, so a GET is refused with 405', async (path) => {
    await using house = await startHouse()
    const response = await get(`${house.url}${path}?run=a`)
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST')
    expect((await fetch(`${house.url}${path}`, { method: 'POST' })).status).toBe(400)
  })

  test('HEAD gets the head and starts no model', async () => {
    await using house = await startHouse()
    const response = await fetch(`${house.url}/events?prompt=hi`, { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
  })

  test('a question that was asked is not asked again', async () => {
    await using house = await startHouse()
    await eventsOf(`${house.url}/events?prompt=hi&run=once`)
    expect((await get(`${house.url}/events?prompt=hi&run=once`)).status).toBe(409)
  })

  test.each([
    ['a request from another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a name pointed at this machine', { Host: 'rebound.example' }],
  ])('%s is refused before it costs anything', async (_what, headers) => {
    await using house = await startHouse()
    const status = await new Promise<number | undefined>((resolve, reject) => {
      nodeGet(`${house.url}/events?prompt=hi`, { headers }, (response) => resolve(response.statusCode)).on(
        'error',
        reject,
      )
    })
    expect(status).toBe(403)
  })

  test('a dead base URL is a failure with a sentence, then an end that is not complete', async () => {
    const listener = await serve(() => {})
    const dead = `http://127.0.0.1:${listener.address.port}`
    await listener[Symbol.asyncDispose]()
    await using house = await startHouse({ targets: simulatedTargets(dead) })
    const events = await eventsOf(`${house.url}/events?prompt=hello`)
    expect(events.map(({ type }) => type)).toEqual(['start', 'retry', 'retry', 'failure', 'end'])
    expect(JSON.parse(events[3]?.data ?? '')).toMatchObject({ code: 'LLM_CONNECT' })
    expect(JSON.parse(events[4]?.data ?? '')).toMatchObject({ complete: false, attempts: 3 })
  })

  test('a refused key is a failure that does not show the key', async () => {
    await using simulator = await startSimulator({ apiKey: 'sk-right' })
    const provider = openai({ baseUrl: `${simulator.url}/v1`, apiKey: 'sk-wrong-4711' })
    const target = { provider, model: 'simulator', simulated: false }
    await using house = await startHouse({ targets: { openai: target, anthropic: target } })
    const events = await eventsOf(`${house.url}/events?prompt=hello&run=key`)
    const failure = JSON.parse(events.find(({ type }) => type === 'failure')?.data ?? '')
    expect(failure.code).toBe('LLM_STATUS')
    const everything = JSON.stringify(events) + JSON.stringify(await eventsOf(`${house.url}/bytes?run=key`))
    expect(everything).not.toContain('4711')
  })
})

describe('the page', () => {
  test('every file it names is there, with a policy that lets nothing in from outside', async () => {
    await using house = await startHouse()
    const response = await get(`${house.url}/`)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
    const html = await response.text()
    for (const [, path] of html.matchAll(/(?:src|href)="(\/[^"]*)"/g)) {
      expect((await get(`${house.url}${path}`)).status, path).toBe(200)
    }
  })
})

describeWith(['curl'], 'curl -N --raw', (tools) => {
  test('shows the head of each chunk, the events inside, and the last chunk', async () => {
    await using house = await startHouse()
    const curl = tools[0]?.path ?? 'curl'
    const { stdout } = await run(curl, ['-sN', '--raw', `${house.url}/events?prompt=hello&run=c1`])
    expect(stdout).toMatch(/^[0-9a-f]+\r\nretry: 1000\n\n\r\n/)
    expect(stdout).toContain('\nid: c1.1\n')
    expect(stdout.endsWith('\r\n0\r\n\r\n')).toBe(true)
  })
})

describe('the connection', () => {
  test.each([
    ['no HTTP at all', 'garbage\r\n\r\n', 400],
    ['a target that is no path', 'GET // HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', 400],
    [
      'two lengths',
      'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
    ],
  ])('%s is answered with 400 and is not a bug of ours', async (_what, text, status) => {
    await using house = await startHouse()
    await using connection = await connect({ port: house.port })
    await connection.write(Buffer.from(text))
    const first = await connection.read()
    expect(Buffer.from(first ?? []).toString()).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(house.errors).toEqual([])
  })

  test('closing ends a stream in the middle with a failure and an end, not with a cut', async () => {
    await using simulator = await startSimulator({ tokensPerSecond: 100, words: { min: 5000, max: 5000 } })
    const server = await startServer({ targets: simulatedTargets(simulator.url) })
    const response = await get(`http://127.0.0.1:${server.address.port}/events?prompt=hello`)
    const types: string[] = []
    for await (const event of readEvents(response as never)) {
      if (types.push(event.type) === 5) void server.close()
    }
    expect(types.slice(-2)).toEqual(['failure', 'end'])
    await server.close()
  })
})
