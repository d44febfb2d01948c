import { execFile } from 'node:child_process'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { type Connection, connect, type Listener, listen } from '@sse-from-scratch/tcp-echo'
import { describeWith } from '@sse-from-scratch/testkit'
import { createXray, type Direction, type Finding, type Span } from '@sse-from-scratch/wire-xray'
import { request } from 'undici'
import { describe, expect, test } from 'vitest'
import { join } from './look.ts'

/** Everything that crossed one connection, as the x-ray sees it. */
interface Seen {
  readonly spans: Span[]
  readonly findings: Finding[]
  readonly bytes: Readonly<Record<Direction, Uint8Array[]>>
}

/** A relay in front of `port` that x-rays the connections it carries, one after the other. */
async function relay(port: number): Promise<{ listener: Listener; seen: Seen }> {
  const seen: Seen = { spans: [], findings: [], bytes: { up: [], down: [] } }
  const listener = await listen(async (client) => {
    await using server = await connect({ port })
    const xray = createXray(
      (span) => seen.spans.push(span),
      (finding) => seen.findings.push(finding),
    )
    const pump = async (direction: Direction, from: Connection, to: Connection) => {
      for await (const bytes of from) {
        xray.push(direction, bytes)
        seen.bytes[direction].push(bytes.slice())
        await to.write(bytes)
      }
      xray.end(direction)
      await to.end()
    }
    await Promise.all([pump('up', client, server), pump('down', server, client)])
  })
  return { listener, seen }
}

/** The text of each span of a direction that `wanted` wants. */
function texts({ spans, bytes }: Seen, direction: Direction, wanted: (span: Span) => boolean): string[] {
  const stream = Buffer.concat(bytes[direction])
  const ours = join(spans.filter((span) => span.direction === direction))
  return ours.filter(wanted).map(({ start, end }) => stream.toString('latin1', start, end))
}

/** Header section of a direction: name, value, name, value, as node:http and undici list them. */
function fieldsOf(seen: Seen, direction: Direction): string[] {
  return texts(seen, direction, ({ layer, element }) => layer === 'http' && /^field-/.test(element))
}

function contentOf(seen: Seen, direction: Direction): string {
  const isContent = ({ layer }: Span) => layer === 'sse' || layer === 'llm' || layer === 'body'
  return texts(seen, direction, isContent).join('')
}

async function nodeServer(listener: RequestListener): Promise<Server & AsyncDisposable> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(server, {
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  })
}

const EVENTS = [
  ': hi\n\n',
  'id: 1\nevent: greeting\ndata: {"choices":[{"delta":{"content":"Hé"}}]}\n\n',
  'data: a\r\ndata: b\r\n\r\n',
  'data: [DONE]\n\n',
]

describe('node:http writes, undici reads, and the x-ray in between agrees with both', () => {
  test('on every field and on the content of an event stream', async () => {
    let asked: string[] = []
    await using server = await nodeServer((req, res) => {
      asked = req.rawHeaders
      res.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Empty': '' })
      for (const event of EVENTS) res.write(event)
      res.addTrailers({ 'X-Sum': '7' })
      res.end()
    })
    const { listener, seen } = await relay((server.address() as AddressInfo).port)
    await using _listener = listener
    const url = `http://127.0.0.1:${listener.address.port}/chat`
    const { headers, body } = await request(url, { responseHeaders: 'raw', headers: { connection: 'close' } })
    const text = await body.text()

    expect(fieldsOf(seen, 'up')).toEqual(asked)
    const listed = (headers as unknown as Buffer[]).map(String).filter((part) => part !== '') // an empty value has no bytes to name
    expect(fieldsOf(seen, 'down')).toEqual(listed)
    expect(Buffer.from(contentOf(seen, 'down'), 'latin1').toString()).toBe(text)
    expect(text).toBe(EVENTS.join(''))
    expect(
      seen.findings.filter(({ layer }) => layer === 'sse' || layer === 'llm').map(({ summary }) => summary),
    ).toEqual([
      'hi',
      'greeting: {"choices":[{"delta":{"content":"Hé"}}]}',
      'choices[0].delta.content = "Hé"',
      'message: a␊b',
      'message: [DONE]',
      'the end mark',
    ])
    expect(seen.findings.filter(({ kind }) => kind === 'error' || kind === 'unfinished')).toEqual([])
  })

  test('on a request body, sent in chunks', async () => {
    let posted = ''
    await using server = await nodeServer(async (req, res) => {
      for await (const part of req) posted += part
      res.end('thanks')
    })
    const { listener, seen } = await relay((server.address() as AddressInfo).port)
    await using _listener = listener
    const url = `http://127.0.0.1:${listener.address.port}/`
    const { body } = await request(url, { method: 'POST', body: Readable.from(['one', 'two']), reset: true })
    expect(contentOf(seen, 'down')).toBe(await body.text())
    expect(contentOf(seen, 'up')).toBe(posted)
    expect(posted).toBe('onetwo')
    expect(seen.findings.map(({ direction, kind }) => `${direction} ${kind}`)).toEqual(
      expect.arrayContaining(['up chunk', 'up last-chunk', 'down head']),
    )
  })

  test('that a cut stream is cut', async () => {
    await using server = await nodeServer((_req, res) => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream' })
      res.write('data: a\n\ndata: b', () => res.socket?.end())
    })
    const { listener, seen } = await relay((server.address() as AddressInfo).port)
    await using _listener = listener
    const { body } = await request(`http://127.0.0.1:${listener.address.port}/`)
    await expect(body.text()).rejects.toThrow()
    expect(seen.findings.slice(-2).map(({ kind, code }) => [kind, code])).toEqual([
      ['error', 'CHUNKED_INCOMPLETE'],
      ['unfinished', undefined],
    ])
  })
})

describeWith(['curl'], 'curl asks, and reads what the x-ray reads', ([curl]) => {
  test('over one connection for two exchanges', async () => {
    await using server = await nodeServer((req, res) => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream' })
      res.write(`data: ${req.url}\n\n`)
      res.end()
    })
    const { listener, seen } = await relay((server.address() as AddressInfo).port)
    await using _listener = listener
    const url = `http://127.0.0.1:${listener.address.port}`
    const { stdout } = await promisify(execFile)(curl?.path ?? 'curl', ['-sN', `${url}/1`, `${url}/2`])
    expect(contentOf(seen, 'down')).toBe(stdout)
    expect(
      seen.findings.filter(({ kind }) => kind === 'head' || kind === 'event').map(({ summary }) => summary),
    ).toEqual(['GET /1', '200 OK', 'message: /1', 'GET /2', '200 OK', 'message: /2'])
  })
})
