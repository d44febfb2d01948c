import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  encodeRecordedRead,
  encodeRecordingHead,
  openai,
  openRecordingFile,
  parseRecording,
  type RecordedRead,
  streamChat,
} from '@sse-from-scratch/llm-stream'
import { fetchTransport, streamChat as streamOverFetch } from '@sse-from-scratch/llm-stream/fetch'
import { everySplit, memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { recordedConnection } from '../src/recorded-connection.ts'
import { createRecorder } from '../src/recorder.ts'
import { raw } from './raw-server.ts'
import { bytes, chat, dataOnly } from './wire.ts'

const KEY = 'sk-very-secret'
const token = dataOnly({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content: 'tok' } }] })
const rest = dataOnly({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }, '[DONE]')
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nSet-Cookie: session=abc; Secure\r\n'
const text = (part: Uint8Array) => new TextDecoder().decode(part)

/** All the bytes that went one way, as text. */
function carried(entries: readonly RecordedRead[], direction: 'up' | 'down', connection = 1): string {
  const parts = entries.filter((entry) => entry.kind === 'bytes' && entry.direction === direction)
  return parts
    .filter((entry) => entry.connection === connection)
    .map((entry) => (entry.kind === 'bytes' ? text(entry.bytes) : ''))
    .join('')
}

const kindsOf = (entries: readonly RecordedRead[]) =>
  entries.map((entry) => ('direction' in entry ? `${entry.kind} ${entry.direction}` : entry.kind))

test.each(['record', 'dial', 'tls', 'pool'])(
  '%s with a transport that has no connections of ours is refused',
  (name) => {
    const provider = openai({ baseUrl: 'http://127.0.0.1:9/v1' })
    const refused = expect.objectContaining({ message: expect.stringMatching(`^${name} is for our own transport: `) })
    const options = { [name]: () => {} }
    expect(() => streamChat(provider, chat, { ...options, transport: fetchTransport() })).toThrow(refused)
    expect(() => streamOverFetch(provider, chat, options)).toThrow(refused)
    expect(() => streamOverFetch(provider, chat, { ...options, transport: fetchTransport() })).toThrow(refused)
  },
)

describe('record', () => {
  const answering = (body: string) =>
    raw(async (connection) => {
      await connection.write(bytes(`${HEAD}Content-Length: ${bytes(body).length}\r\n\r\n${body}`))
    })

  async function recorded(server: { readonly url: string }, query = ''): Promise<RecordedRead[]> {
    const entries: RecordedRead[] = []
    const provider = openai({ baseUrl: `${server.url}${query}`, apiKey: KEY, headers: { 'X-Team-Token': 'abc' } })
    const options = {
      record: (entry: RecordedRead) => entries.push(entry),
      retry: { random: () => 0.999, maxDelay: 1 },
    }
    await streamChat(provider, chat, options).outcome
    return entries
  }

  test('is told what was sent and what came, in the order of time', async () => {
    await using server = await answering(token + rest)
    const entries = await recorded(server)
    expect(kindsOf(entries).slice(0, 2)).toEqual(['open', 'bytes up'])
    expect(entries[0]).toMatchObject({ connection: 1, address: new URL(server.url).host })
    expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).toSorted((a, b) => a - b))
    expect(carried(entries, 'up')).toMatch(/^POST \/v1\/chat\/completions HTTP\/1\.1\r\n.*\r\n\r\n\{.*\}$/s)
    expect(carried(entries, 'down')).toBe(
      `${HEAD.replace(/session=\S+ Secure/, '************ ******')}Content-Length: ${bytes(token + rest).length}\r\n\r\n${token}${rest}`,
    )
  })

  test('is told no secret, and no byte less: each is a star', async () => {
    await using server = await answering(dataOnly({ error: { message: `wrong key ${KEY}` } }))
    const entries = await recorded(server, '?api-version=2&key=a%2Fsecret%20key')
    const all = carried(entries, 'up') + carried(entries, 'down')
    for (const secret of [KEY, 'session=abc', 'a%2Fsecret', 'a/secret']) expect(all).not.toContain(secret)
    expect(all).toContain('Authorization: Bearer'.replace('Bearer', '******'))
    expect(all).toContain(`wrong key ${'*'.repeat(KEY.length)}`)
    expect(all).toContain('X-Team-Token: ***\r\n')
    expect(all).toContain('?api-version=2&key=**************** HTTP/1.1')
  })

  test('is told of a second attempt as of a second connection', async () => {
    await using server = await raw(async (connection, nth) => {
      if (nth > 1) await connection.write(bytes(`${HEAD}\r\n${token}${rest}`))
      await connection.end()
    })
    const entries = await recorded(server)
    expect(entries.filter(({ kind }) => kind === 'open').map(({ connection }) => connection)).toEqual([1, 2])
    expect(kindsOf(entries.filter(({ connection }) => connection === 1))).toContain('fin down')
    expect(carried(entries, 'down', 2)).toContain(token)
  })

  test('is told of a reset', async () => {
    let reset = () => {}
    await using server = await raw(async (connection) => {
      reset = () => connection.abort()
      await connection.write(bytes(`${HEAD}\r\n${token}`))
    })
    const entries: RecordedRead[] = []
    const stream = streamChat(openai({ baseUrl: server.url }), chat, { record: (entry) => entries.push(entry) })
    const run = async () => {
      for await (const event of stream) if (event.kind === 'text') reset()
    }
    await expect(run()).rejects.toMatchObject({ code: 'LLM_TRUNCATED' })
    expect(kindsOf(entries)).toContain('reset down')
  })

  test('is told who left', async () => {
    await using server = await raw(async (connection) => {
      await connection.write(bytes(`${HEAD}\r\n${token}`))
    })
    const entries: RecordedRead[] = []
    const stream = streamChat(openai({ baseUrl: server.url }), chat, { record: (entry) => entries.push(entry) })
    for await (const event of stream) if (event.kind === 'text') break
    expect(kindsOf(entries).at(-1)).toBe('reset up')
    await server.gone
  })

  test('that throws ends the answer, and is not told any more', async () => {
    await using server = await answering(token + rest)
    const cause = new Error('disk full')
    let told = 0
    const record = () => {
      told++
      throw cause
    }
    const { error } = await streamChat(openai({ baseUrl: server.url }), chat, { record }).outcome
    expect(error).toMatchObject({ code: 'LLM_ABORTED', cause })
    expect(told).toBe(1)
  })

  test.each([
    ['record', { record: () => {} }],
    ['tls', { tls: {} }],
    ['dial', { dial: () => Promise.reject(new Error('no')) }],
  ])('%s beside a transport of the caller’s is a TypeError, since it would do nothing', (_, option) => {
    let asked = false
    const transport = async () => {
      asked = true
      return { status: 200, contentType: null, body: null }
    }
    expect(() => streamChat(openai(), chat, { transport, ...option })).toThrow(TypeError)
    expect(asked).toBe(false)
  })
})

test('bytes that are given back and read again are recorded once', async () => {
  const entries: RecordedRead[] = []
  const recorder = createRecorder({ record: (entry) => entries.push(entry), secrets: [], secretNames: [] })
  const [near, far] = memoryPair()
  const connection = recordedConnection(near, recorder.connect({ address: 'a:1' }))
  await far.write(bytes('abcdef'))
  const first = await connection.read()
  connection.unread((first ?? new Uint8Array()).subarray(2))
  expect(text((await connection.read()) ?? new Uint8Array())).toBe('cdef')
  await connection.write(bytes('x'), bytes('y'))
  await connection.end()
  await far.end()
  expect(await connection.read()).toBe(null)
  expect(carried(entries, 'down')).toBe('abcdef')
  expect(kindsOf(entries)).toEqual(['open', 'bytes down', 'bytes up', 'bytes up', 'fin up', 'fin down'])
})

describe('a secret', () => {
  /** What is recorded of these reads. */
  function recordedOf(reads: Iterable<Uint8Array>, secrets: readonly string[]): Uint8Array[] {
    const entries: RecordedRead[] = []
    const recorder = createRecorder({ record: (entry) => entries.push(entry), secrets, secretNames: [] })
    const connection = recorder.connect({ address: 'a:1' })
    for (const read of reads) connection.bytes('down', read)
    connection.close()
    return entries.flatMap((entry) => (entry.kind === 'bytes' ? [entry.bytes] : []))
  }

  const message = `HTTP/1.1 103 Early Hints\r\nSet-Cookie: a=b\r\n\r\nHTTP/1.1 200 OK\r\nset-cookie:c=d\r\nVia: x\r\n\r\n[${KEY}] sk-very-se sk-ve ${JSON.stringify(KEY)}`
  const masked = `HTTP/1.1 103 Early Hints\r\nSet-Cookie: ***\r\n\r\nHTTP/1.1 200 OK\r\nset-cookie:***\r\nVia: x\r\n\r\n[**************] sk-very-se sk-ve "**************"`

  test('is stars wherever it was cut, and what only looked like one is what it was', () => {
    for (const reads of everySplit(bytes(message))) {
      const parts = recordedOf(reads, [KEY])
      expect(text(Buffer.concat(parts))).toBe(masked)
      expect(parts.map(({ length }) => length)).toEqual(
        reads.map(({ length }) => length).filter((length) => length > 0),
      )
    }
  })

  test('is stars in a field of any name, and where there is no HTTP, whole or half, wherever the reads were cut', () => {
    const half = KEY.slice(0, 9)
    for (const [before, after] of [
      ['HTTP/1.1 200 OK\r\nX-Echo: ', '\r\nVia: x\r\n\r\n'],
      ['SSH-2.0 ', ' hello'],
    ] as const) {
      for (const reads of everySplit(bytes(`${before}${KEY}${after}${before}${half}`))) {
        const shown = `${before}${'*'.repeat(KEY.length)}${after}${before}${'*'.repeat(half.length)}`
        expect(text(Buffer.concat(recordedOf(reads, [KEY])))).toBe(shown)
      }
    }
  })

  test('is stars also where a chunk ends within it, wherever the reads were cut', () => {
    const framed = (word: string) =>
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8;x=y\r\nwrong ${word.slice(0, 2)}\r\n3\r\n${word.slice(2, 5)}\r\n9\r\n${word.slice(5)}\r\n0\r\n\r\n`
    for (const reads of everySplit(bytes(framed(KEY)))) {
      expect(text(Buffer.concat(recordedOf(reads, [KEY])))).toBe(framed('*'.repeat(KEY.length)))
    }
  })

  test.each([
    ['in what is no HTTP', 'no HTTP at all\n'],
    ['behind a chunk that is none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'],
    ['behind the response', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ])('is stars %s', (_, before) => {
    for (const reads of everySplit(bytes(`${before}${KEY} is wrong`))) {
      expect(text(Buffer.concat(recordedOf(reads, [KEY])))).toBe(`${before}${'*'.repeat(KEY.length)} is wrong`)
    }
  })

  test('that is only half there at the end is stars as well', () => {
    const [part] = recordedOf([bytes('HTTP/1.1 200 OK\r\n\r\n sk-very-sec')], [KEY])
    expect(text(part ?? new Uint8Array())).toBe('HTTP/1.1 200 OK\r\n\r\n ***********')
  })

  test('of a few letters is not hidden wherever these letters come', () => {
    const [part] = recordedOf([bytes('HTTP/1.1 200 OK\r\n\r\non and on')], ['on'])
    expect(text(part ?? new Uint8Array())).toContain('on and on')
  })

  test('is in no recording of random text, in any pieces', () => {
    const body = fc.array(fc.constantFrom('a', 'b', 'ab', 'abababab', 'x'), { maxLength: 30 })
    fc.assert(
      fc.property(body, fc.array(fc.nat({ max: 9 }), { maxLength: 20 }), (words, sizes) => {
        const all = bytes(`HTTP/1.1 200 OK\r\n\r\n${words.join('')}`)
        const reads: Uint8Array[] = []
        let at = 0
        for (const size of sizes) {
          reads.push(all.subarray(at, at + size + 1))
          at += size + 1
        }
        reads.push(all.subarray(at))
        const shown = text(Buffer.concat(recordedOf(reads, ['abababab'])))
        expect(shown).not.toContain('abababab')
        expect(shown).toHaveLength(all.length)
      }),
    )
  })
})

describe('a recording file', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recording-'))
  })
  afterEach(() => rm(folder, { recursive: true }))
  const path = () => join(folder, 'a.xray.jsonl')
  const read = async () => parseRecording(await readFile(path(), 'utf8'))
  const part = (at: number, size: number): RecordedRead => ({
    kind: 'bytes',
    at,
    connection: 1,
    direction: 'down',
    bytes: bytes('x'.repeat(size)),
  })

  test('has what one chat after another did, on one clock, each connection with a number of its own', async () => {
    await using server = await raw((connection) =>
      connection.write(bytes(`${HEAD}Content-Length: ${bytes(token + rest).length}\r\n\r\n${token}${rest}`)),
    )
    const file = await openRecordingFile(path(), { target: new URL(server.url).origin })
    for (let i = 0; i < 2; i++) {
      await streamChat(openai({ baseUrl: server.url, apiKey: KEY }), chat, { record: file.next() }).outcome
    }
    await file.close()
    const { head, entries, cut } = await read()
    expect(head).toMatchObject({
      target: new URL(server.url).origin,
      redacted: expect.arrayContaining(['authorization']),
    })
    expect(cut).toBe(false)
    expect(entries.filter(({ kind }) => kind === 'open').map(({ connection }) => connection)).toEqual([1, 2])
    expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).toSorted((a, b) => a - b))
    expect(await readFile(path(), 'utf8')).not.toContain(KEY)
  })

  test.skipIf(process.platform === 'win32')('is its owner’s to read, and nobody else’s', async () => {
    await (await openRecordingFile(path(), { target: 'http://a' })).close()
    expect((await stat(path())).mode & 0o777).toBe(0o600)
  })

  test('is not written over another file', async () => {
    await writeFile(path(), 'dear diary')
    await expect(openRecordingFile(path(), { target: 'http://a' })).rejects.toMatchObject({ code: 'EEXIST' })
    expect(await readFile(path(), 'utf8')).toBe('dear diary')
  })

  test('says how many bytes it has missed when the disk was too slow', async () => {
    const file = await openRecordingFile(path(), { target: 'http://a', maxUnwritten: 1000 })
    const record = file.next()
    for (let at = 0; at < 10; at++) record(part(at, 500))
    record({ kind: 'fin', at: 10, connection: 1, direction: 'down' })
    await file.close()
    const { entries } = await read()
    const sizes = entries.map((entry) =>
      entry.kind === 'gap' ? entry.size : entry.kind === 'bytes' ? entry.bytes.length : 0,
    )
    expect(sizes.reduce((sum, size) => sum + size)).toBe(5000)
    expect(kindsOf(entries).slice(-2)).toEqual(['gap down', 'fin down'])
  })

  test('takes nothing more when it is closed', async () => {
    const file = await openRecordingFile(path(), { target: 'http://a' })
    const record = file.next()
    await file.close()
    await file.close()
    record(part(0, 1))
    expect((await read()).entries).toEqual([])
  })

  test('is what the two encoders make', async () => {
    const file = await openRecordingFile(path(), { target: 'http://a' })
    await file.close()
    const { head } = await read()
    expect(await readFile(path(), 'utf8')).toBe(encodeRecordingHead(head))
    expect(encodeRecordedRead(part(0, 1))).toBe('{"t":0,"c":1,"k":"down","s":"x"}\n')
  })
})
