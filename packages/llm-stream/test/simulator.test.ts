import { request } from '@sse-from-scratch/chunked'
import { Fields, type IncomingRequest, type OutgoingBody, type Respond } from '@sse-from-scratch/http-raw'
import { TcpError } from '@sse-from-scratch/tcp-echo'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { describeWith, run, selfSignedCertificate } from '@sse-from-scratch/testkit'
import { fetch as undiciFetch } from 'undici'
import { describe, expect, test } from 'vitest'
import { createHandler } from '../src/simulator/handler.ts'
import { type SimulatorOptions, startSimulator } from '../src/simulator/index.ts'
import { readOptions } from '../src/simulator/options.ts'
import { ANTHROPIC, eventsOf, jsonOf, OPENAI, post, recordFinish, startFast, VERSION } from './simulator-client.ts'

const messages = [{ role: 'user', content: 'What is backpressure?' }]
const openai = { model: 'm', messages, stream: true }
const anthropic = { ...openai, max_tokens: 100 }

describe('the wire format is the one agreed on, byte for byte:', () => {
  const now = () => Date.UTC(2026, 0, 2, 3, 4, 5)
  const short = { max_tokens: 6, stream_options: { include_usage: true } }
  test.each([
    ['openai-stream', OPENAI, { ...openai, ...short }],
    ['openai-whole', OPENAI, { ...openai, max_tokens: 6, n: 2, stream: false }],
    ['openai-error', OPENAI, {}],
    ['anthropic-stream', ANTHROPIC, { ...anthropic, max_tokens: 6 }],
    ['anthropic-whole', ANTHROPIC, { ...anthropic, stop_sequences: ['.'], stream: false }],
    ['anthropic-error', ANTHROPIC, {}],
  ])('%s', async (name, path, body) => {
    await using simulator = await startFast({ seed: 42, now })
    const response = await post(simulator.url + path, body, path === ANTHROPIC ? VERSION : {})
    await expect(await response.text()).toMatchFileSnapshot(`simulator-golden/${name}.txt`)
  })
})

describe('reproducible:', () => {
  test('the same seed gives the same answers and ids, another seed others', async () => {
    const answers: string[] = []
    for (const seed of [7, 7, 8]) {
      await using simulator = await startFast({ seed, now: () => 0 })
      const first = await (await post(simulator.url + OPENAI, openai)).text()
      answers.push(first + (await (await post(simulator.url + OPENAI, openai)).text()))
    }
    expect(answers[1]).toBe(answers[0])
    expect(answers[2]).not.toBe(answers[0])
  })

  test('no two answers of a server have the same id', async () => {
    await using simulator = await startFast()
    const ids = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const response = await post(simulator.url + OPENAI, { ...openai, stream: false })
        return [(await jsonOf(response)).id, response.headers.get('x-request-id')]
      }),
    )
    expect(new Set(ids.flat()).size).toBe(40)
  })
})

describe('whatever the prompt is made of, the answer comes whole:', () => {
  test.each([
    ['nothing', ''],
    ['emoji', '🌊👩‍💻🇨🇭'],
    ['another script', 'ストリーミングとは何ですか？ ما هو التدفق؟'],
    ['what JSON has to escape', '"\\\b\f\n\r\t\u0000\u001f\u2028\u2029</script>'],
    ['half a character', 'a\ud800b'],
    ['terminal escapes', '\u001b[31mred\u001b]0;title\u0007'],
    ['100 kB', `${'word '.repeat(10_000)}${'流🌊'.repeat(8000)}`],
  ])('%s', async (_, content) => {
    await using simulator = await startFast()
    const body = { ...openai, messages: [{ role: 'user', content }] }
    const events = await eventsOf(await post(simulator.url + OPENAI, body))
    const text = events.map(({ data }) => data.choices?.[0].delta.content ?? '').join('')
    expect(events.at(-1)?.data).toBe('[DONE]')
    expect(text.split(/\s+/).length).toBeGreaterThanOrEqual(60)
    expect(text).not.toMatch(/[^\P{C}\n\u200d]/u) // no control character comes back
  })
})

describe('tokens stop when nobody reads them:', () => {
  test('a client that leaves is noticed while the answer is still long', async () => {
    const { onFinish, finished } = recordFinish()
    await using simulator = await startFast({ tokensPerSecond: 200, words: { min: 50_000, max: 50_000 }, onFinish })
    const leave = new AbortController()
    const response = await undiciFetch(simulator.url + OPENAI, {
      method: 'POST',
      body: JSON.stringify(openai),
      headers: { 'content-type': 'application/json' },
      signal: leave.signal,
    })
    await response.body?.getReader().read()
    leave.abort()
    expect(await finished).toMatchObject({ path: OPENAI, complete: false })
    expect((await finished).tokens).toBeLessThan(50_000)
  })

  test('a client that does not read is not written to', async () => {
    const handler = createHandler(readOptions({ tokensPerSecond: 0 }))
    const { respond, writes, release } = holdingRespond()
    const answering = handler(requestFor(openai), respond)
    await turns(20)
    expect(writes).toHaveLength(1)
    release()
    await answering
    expect(writes.length).toBeGreaterThan(60)
  })

  test('a whole answer is complete in the books too, and counts each choice', async () => {
    const { onFinish, finished } = recordFinish()
    await using simulator = await startFast({ onFinish })
    const response = await post(simulator.url + OPENAI, { ...openai, stream: false, n: 2 })
    const { completion_tokens } = (await jsonOf(response)).usage
    expect(await finished).toEqual({ path: OPENAI, tokens: completion_tokens, complete: true })
  })

  test('closing the simulator cuts the answers under way', async () => {
    const simulator = await startSimulator({ tokensPerSecond: 0.001, firstTokenDelay: 0 })
    const response = await post(simulator.url + OPENAI, openai)
    const reading = response.text()
    await simulator.close()
    await expect(reading).rejects.toThrow()
    await expect(post(simulator.url + OPENAI, openai)).rejects.toThrow()
  })
})

describe('speed:', () => {
  test('a request sets its own with a field', async () => {
    await using simulator = await startSimulator({ tokensPerSecond: 0.001 })
    for (const speed of ['0', 'Infinity', '100000']) {
      const response = await post(simulator.url + OPENAI, openai, { 'x-simulator-tokens-per-second': speed })
      expect((await eventsOf(response)).at(-1)?.data).toBe('[DONE]')
    }
  })

  test.each(['-1', 'fast', 'NaN', ''])('a field that says %j is refused', async (speed) => {
    await using simulator = await startFast()
    const response = await post(simulator.url + OPENAI, openai, { 'x-simulator-tokens-per-second': speed })
    expect(response.status).toBe(400)
  })

  test('the head and the role come before the first token is due', async () => {
    await using simulator = await startSimulator({ firstTokenDelay: 2 ** 30 })
    const response = await post(simulator.url + OPENAI, openai)
    const { value } = (await response.body?.getReader().read()) ?? {}
    expect(new TextDecoder().decode(value)).toContain('"role":"assistant"')
  })
})

describe('an option out of its range is the caller’s mistake, told before a port is opened:', () => {
  test.each([
    { tokensPerSecond: -1 },
    { tokensPerSecond: Number.NaN },
    { firstTokenDelay: -1 },
    { firstTokenDelay: 2 ** 31 },
    { jitter: 1.1 },
    { seed: 0.5 },
    { words: { min: 10, max: 5 } },
    { words: { min: 0, max: 2e6 } },
    { bodySize: 0 },
  ])('%j', async (options) => {
    await expect(startSimulator(options)).rejects.toBeInstanceOf(RangeError)
  })
})

describe('the address', () => {
  test('is one to connect to, also when every address is listened on', async () => {
    await using simulator = await startFast({ host: '0.0.0.0' })
    expect(simulator.url).toBe(`http://127.0.0.1:${simulator.port}`)
    expect((await fetch(`${simulator.url}/v1/models`)).status).toBe(200)
  })

  test('that is taken is a TcpError', async () => {
    await using first = await startFast()
    await expect(startFast({ port: first.port })).rejects.toBeInstanceOf(TcpError)
  })
})

describeWith(['curl'], 'curl', ([curl]) => {
  const bodyArgs = (body: unknown) => ['-H', 'Content-Type: application/json', '-d', JSON.stringify(body)]

  test('reads a stream to its end', async () => {
    await using simulator = await startFast()
    const { code, stdout } = await run(curl?.path ?? '', ['-sSN', simulator.url + OPENAI, ...bodyArgs(openai)])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^data: \{.*\n\n(data: \{.*\n\n)+data: \[DONE\]\n\n$/)
  })

  test('gets to read a 413 in the middle of its upload', async () => {
    await using simulator = await startFast({ bodySize: 1000 })
    const args = ['-sS', '-H', 'Expect:', '-H', 'Content-Type: application/json', '-d', '@-', simulator.url + OPENAI]
    const { stdout } = await run(curl?.path ?? '', args, { input: 'x'.repeat(500_000) })
    expect(JSON.parse(stdout)).toMatchObject({ error: { type: 'invalid_request_error' } })
  })
})

/** As many turns of the event loop. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}

function requestFor(body: unknown): IncomingRequest {
  const bytes = new TextEncoder().encode(JSON.stringify(body))
  const request = {
    method: 'POST',
    target: OPENAI,
    version: '1.1',
    fields: new Fields({ 'Content-Type': 'application/json' }),
    signal: new AbortController().signal,
    connection: memoryPair()[1],
    body: {
      async *[Symbol.asyncIterator]() {
        yield bytes
      },
    },
  }
  return request as unknown as IncomingRequest // with all that anybody here asks for
}

/** A response body whose first write waits until it is released. */
function holdingRespond(): { respond: Respond; writes: Uint8Array[]; release: () => void } {
  const writes: Uint8Array[] = []
  let release = (): void => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const body: OutgoingBody = {
    async write(bytes) {
      writes.push(bytes)
      await released
    },
    async writeShared() {},
    async end() {},
    abort() {},
    unsent: 0,
    signal: new AbortController().signal,
    async [Symbol.asyncDispose]() {},
  }
  return { respond: async () => body, writes, release }
}

test('with a key and a certificate it speaks HTTPS, and its address says so', async () => {
  const tls = selfSignedCertificate()
  await using simulator = await startFast({ tls: { ...tls } })
  expect(simulator.url).toBe(`https://127.0.0.1:${simulator.port}`)
  await using response = await request(`${simulator.url}/v1/models`, { tls: { ca: tls.cert } })
  expect(response.status).toBe(200)
})

test('options of the server underneath are none of its own', async () => {
  await using simulator = await startFast({ headTimeout: -1, limits: { headSize: 1 } } as SimulatorOptions)
  expect((await post(simulator.url + OPENAI, openai)).status).toBe(200)
})
