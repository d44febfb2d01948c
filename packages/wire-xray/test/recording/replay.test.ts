import { request, serve } from '@sse-from-scratch/chunked'
import { type Dial, dial } from '@sse-from-scratch/http-raw'
import { connect, listen } from '@sse-from-scratch/tcp-echo'
import {
  createRecorder,
  type RecordedRead,
  type Recording,
  recordConnection,
  replayRequests,
  serveRecording,
} from '@sse-from-scratch/wire-xray/recording'
import { describe, expect, test } from 'vitest'
import { bytes, carried, recorded, text } from './entries.ts'

const ASK = 'GET /chat HTTP/1.1\r\nHost: example.test\r\n\r\n'
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'

/** Time that goes on when somebody sleeps, and only when the client has read all that was sent before. */
function steppedClock(received: () => Promise<void>) {
  let time = 0
  return {
    now: () => time,
    async sleep(milliseconds: number) {
      await received()
      time += milliseconds
    },
  }
}

/** Replays the answers of one connection to a client that sends `ask`, and records what it sees. */
async function replayed(recording: Recording, ask: string, speed?: number): Promise<readonly RecordedRead[]> {
  const sizes = recording.entries.flatMap((entry) =>
    entry.kind === 'bytes' && entry.direction === 'down' ? [entry.bytes.length] : [],
  )
  let received = 0
  let sleeps = 0
  let look = (): void => {}
  const clock = steppedClock(async () => {
    const expected = sizes.slice(0, sleeps++).reduce((sum, size) => sum + size, 0)
    while (received < expected) await new Promise<void>((resolve) => (look = resolve))
  })
  await using server = await serveRecording(recording, { clock, ...(speed !== undefined && { speed }) })
  const entries: RecordedRead[] = []
  const recorder = createRecorder({ record: (entry) => entries.push(entry), now: clock.now })
  const connection = recordConnection(
    await connect({ port: server.address.port, host: '127.0.0.1' }),
    recorder.open(),
    'client',
  )
  await connection.write(bytes(ask))
  try {
    for await (const read of connection) {
      received += read.length
      look()
    }
  } catch {} // a reset is in the recording
  connection.abort()
  recorder.close()
  return entries.slice(1, 1 + recording.entries.length) // without `open`, and without our own leaving
}

describe('A recorded stream that is replayed as the server and recorded again', () => {
  const stream = recorded(
    ['up', ASK, 10],
    ['down', HEAD.slice(0, 30), 20],
    ['down', `${HEAD.slice(30)}8\r\ndata`, 25],
    ['down', ': 1\n\n\r\n', 325],
    ['down', '8\r\ndata: 2\n\n', 326],
    ['down', '\r\n0\r\n\r\n', 400],
    ['fin', 'down', 410],
  )

  test('has the same reads of the same sizes in the same order, and the same FIN', async () => {
    expect(carried(await replayed(stream, ASK))).toEqual(carried(stream.entries))
  })

  test('has the same reads and the same RST where the server broke off', async () => {
    const broken = recorded(['up', ASK, 0], ['down', `${HEAD}8\r\nda`, 5], ['down', 'ta', 9], ['reset', 'down', 30])
    expect(carried(await replayed(broken, ASK))).toEqual(carried(broken.entries))
  })

  test.each([
    [1, [0, 10, 15, 315, 316, 390, 400]],
    [4, [0, 2.5, 3.75, 78.75, 79, 97.5, 100]],
    [0, [0, 0, 0, 0, 0, 0, 0]],
  ])('has each read as long after the request as it was, %d times as fast', async (speed, expected) => {
    expect((await replayed(stream, ASK, speed)).map(({ at }) => at)).toEqual(expected)
  })

  test('refuses to be replayed backwards, or for ever', async () => {
    for (const speed of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(serveRecording(stream, { speed })).rejects.toThrow(RangeError)
    }
  })
})

describe('A recorded client that is replayed', () => {
  /** What connections say to a server, until they end. */
  async function heard(play: (url: string) => Promise<void>): Promise<readonly string[]> {
    const reads: string[] = []
    await using server = await listen(async (connection) => {
      for await (const read of connection) {
        reads.push(text(read))
        if (text(read).endsWith('\r\n\r\n')) await connection.write(bytes('HTTP/1.1 204 No Content\r\n\r\n'))
      }
      reads.push('FIN')
    })
    await play(`http://127.0.0.1:${server.address.port}`)
    await server.close()
    return reads
  }

  test('asks the same again, and only Host is another', async () => {
    const asked = recorded(['up', ASK], ['down', 'HTTP/1.1 204 No Content\r\n\r\n'], ['fin', 'up'], ['fin', 'down'])
    let url = ''
    const reads = await heard((to) => {
      url = to
      return replayRequests(asked, to, { speed: 0 })
    })
    expect(reads).toEqual([ASK.replace('example.test', new URL(url).host), 'FIN'])
  })

  test('asks the second time when it has been answered, though it was faster then', async () => {
    const answer = 'HTTP/1.1 204 No Content\r\n\r\n'
    const asked = recorded(['up', ASK], ['down', answer], ['up', ASK], ['down', answer], ['fin', 'up'], ['fin', 'down'])
    let hasAnswered = false
    const early: boolean[] = []
    await using server = await listen(async (connection) => {
      await connection.read()
      const second = connection.read().then(() => early.push(!hasAnswered))
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
      hasAnswered = true
      await connection.write(bytes(answer))
      await second
      await connection.write(bytes(answer))
    })
    await replayRequests(asked, `http://127.0.0.1:${server.address.port}`, { speed: 0 })
    expect(early).toEqual([false])
  })

  test('is as patient as it was', async () => {
    let time = 0
    const waits: number[] = []
    const clock = {
      now: () => time,
      sleep: async (milliseconds: number) => {
        waits.push(milliseconds)
        time += milliseconds
      },
    }
    const asked = recorded(['up', ASK.slice(0, 9), 100], ['up', ASK.slice(9), 300], ['fin', 'up', 1000])
    await heard((to) => replayRequests(asked, to, { clock, speed: 2 }))
    expect(waits).toEqual([50, 0, 100, 350])
  })

  test('of which bytes are missing is refused, and so is one that never asked', async () => {
    const gap: RecordedRead = { kind: 'gap', at: 1, connection: 1, direction: 'up', size: 5 }
    for (const recording of [recorded(['up', ASK], gap), recorded(['down', 'x'])]) {
      await expect(replayRequests(recording, 'http://127.0.0.1:1')).rejects.toThrow(TypeError)
    }
  })

  test('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(replayRequests(recorded(['up', ASK]), 'http://127.0.0.1:1', { signal })).rejects.toThrow()
  })
})

test('What a client has recorded over real sockets is served to it again, byte for byte and read for read', async () => {
  const entries: RecordedRead[] = []
  const recorder = createRecorder({ record: (entry) => entries.push(entry) })
  const dialed: Dial = async (url, options) => recordConnection(await dial(url, options), recorder.open())
  await using origin = await serve(async (_request, respond) => {
    const body = await respond(200, { 'Content-Type': 'text/event-stream', Connection: 'close' })
    for (let n = 0; n < 5; n++) await body.write(bytes(`data: ${n}\n\n`))
    await body.end()
  })
  const ask = async (port: number): Promise<string> => {
    await using response = await request(`http://127.0.0.1:${port}/`, { dial: dialed })
    return await response.body.text()
  }
  const first = await ask(origin.address.port)
  recorder.close()
  const head = { startedAt: '2026-11-20T10:00:00.000Z', target: 'http://a', redacted: [] }
  await using again = await serveRecording({ head, entries: entries.splice(0), cut: false }, { speed: 0 })
  expect(await ask(again.address.port)).toBe(first)
  expect(first).toContain('data: 4')
})
