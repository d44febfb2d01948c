import { asBytes, asText, expect, mistake, within } from '@sse-from-scratch/course'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { test } from 'vitest'
import { compose } from '#ex/08-on-your-own-stack'
import { createLineReader } from '../../0-network/04-a-stream-has-no-edges/package.ts'
import { createChunkDecoder } from '../../1-chunked/04-the-decoder/package.ts'
import { createSseParser } from '../../2-sse/03-parser-line-by-line/package.ts'
import { fromOpenAI } from '../02-openai-deltas/package.ts'
import { connect } from './connect.ts'
import type { Connect, Delta } from './contract.ts'

// The layers here are the packages', so that what fails is how they are put together. Your own are in the demo. Only the sentinel is
// plain: the package's reads ahead, and then nobody knows who has left the loop first.
const LAYERS = { createLineReader, createChunkDecoder, createSseParser, fromOpenAI, untilSentinel }

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\ntransfer-encoding: Chunked\r\n\r\n'
const EVENTS = [token('Sea'), token(' wört'), 'data: [DONE]\n\n']
const JSON_BODY = { model: 'm', stream: true, messages: [{ role: 'user', content: 'wört' }] }
const url = new URL('http://127.0.0.1:8080/v1/chat/completions?a=1')

const charsNotBytes = mistake(
  'chars-not-bytes',
  'Content-Length counts bytes, and ö is two in UTF-8: the last bytes of your JSON are left over, and the server sees JSON that is cut (RFC 9110 §8.6).',
  (got) => asText(got).includes('Content-Length: 73'),
)
const pathOnly = mistake<string | undefined>(
  'path-only',
  'The target of a request is the path AND the query (RFC 9112 §3.2.1). You sent the path alone.',
  (got) => got === 'POST /v1/chat/completions HTTP/1.1',
)
const noSentinel = mistake<unknown>(
  'no-sentinel',
  'HTTP has ended well, and the answer has not: [DONE] did not come. Let the deltas go through untilSentinel.',
  (got) => String(got).includes('Sea wört (end)'),
)
const rawBody = mistake<unknown>(
  'raw-body',
  'The sizes of the chunks went into the parser. It takes them for fields it does not know, and reads past them, until one stands within an event (RFC 9112 §7.1).',
  (got) => !String(got).includes('�'),
)
const decodesEachRead = mistake<unknown>(
  'decodes-each-read',
  'A character that is cut came out as �. One TextDecoder for the whole body, and { stream: true }: then it waits for the other half.',
  (got) => String(got).includes('�'),
)
const dropsFirst = mistake<unknown>(
  'drops-first',
  'The read with the end of the head had bytes of the body behind it, and you dropped them. TCP knows no border between head and body.',
  () => true,
)
const headInOneRead = mistake<unknown>(
  'head-in-one-read',
  'The head came in several reads. Keep what has come until the empty line is there.',
  () => true,
)
const ignoresStatus = mistake<unknown>(
  'ignores-status',
  'The server refused (401), and you read its JSON as a stream of events: your caller hears that it was cut, and asks again. Look at the status before the body.',
  (got) => (got as { code?: string }).code === 'Truncated',
)
const collectsAll = mistake<Uint8Array>(
  'collects-all',
  'The first word has come, and you keep it until the whole body is there. Give out what each read has brought.',
  () => true,
)
const waitsForClose = mistake<Uint8Array>(
  'waits-for-close',
  'The last chunk is the end of the body. The server may keep the connection open: do not wait for its FIN (RFC 9112 §7.1).',
  () => true,
)
const leavesOpen = mistake<Uint8Array>(
  'leaves-open',
  'The caller has left, and the connection is open: the model goes on writing, and somebody pays. Leave the loop over the reads, too; for await does it by itself.',
  () => true,
)

test('the request is one POST, with its length in bytes', async () => {
  let sent: Uint8Array = new Uint8Array(0)
  const ask = compose({
    ...LAYERS,
    connect: (_, request) => {
      sent = request
      return reads([HEAD, chunked(EVENTS)])
    },
  })
  await said(ask({ url, headers: { Authorization: 'Bearer k' }, json: JSON_BODY }))
  const { head, fields, body } = partsOf(sent)
  expect(head).toMean<string | undefined>('POST /v1/chat/completions?a=1 HTTP/1.1', { mistakes: [pathOnly] })
  expect(fields).toContain('Authorization: Bearer k')
  expect(fields).toContain('Host: 127.0.0.1:8080')
  expect(asBytes(fields.find((field) => field.startsWith('Content-Length')) ?? '')).toBeBytes('Content-Length: 74', {
    as: 'bytes',
    mistakes: [charsNotBytes],
  })
  expect(JSON.parse(body)).toMean(JSON_BODY)
})

test('a header cannot smuggle in another one', async () => {
  const ask = compose({ ...LAYERS, connect: () => reads([HEAD, chunked(EVENTS)]) })
  await expect(said(ask({ url, headers: { Authorization: 'k\r\nX: y' }, json: 1 }))).toRefuse()
})

test('an answer comes through all five layers', async () => {
  expect(await heard(HEAD, chunked(EVENTS))).toMean<unknown>('Sea wört (end)', { mistakes: [rawBody] })
})

test('the body may begin in the read that ends the head', async () => {
  expect(await heard(`${HEAD}${chunked(EVENTS)}`)).toMean<unknown>('Sea wört (end)', { mistakes: [dropsFirst] })
})

test('the head may come in several reads', async () => {
  const cut = [HEAD.slice(0, 40), HEAD.slice(40, -1), HEAD.slice(-1)]
  expect(await heard(...cut, chunked(EVENTS))).toMean<unknown>('Sea wört (end)', { mistakes: [headInOneRead] })
})

test('chunks may be cut where they like, and reads too: byte by byte', async () => {
  const tiny = [...asBytes(EVENTS.join(''))].flatMap((byte) => ['1\r\n', Uint8Array.of(byte), '\r\n'])
  const wire = asBytes([HEAD, ...tiny, '0\r\n\r\n'])
  const single = Array.from(wire, (_, at) => wire.subarray(at, at + 1))
  expect(await heard(...single)).toMean<unknown>('Sea wört (end)', { mistakes: [decodesEachRead, rawBody] })
})

test('without chunked, the body lasts until the connection closes', async () => {
  expect(await heard('HTTP/1.1 200 OK\r\n\r\n', EVENTS.join(''))).toMean<unknown>('Sea wört (end)')
})

test('a refusal is told as one, with its status', async () => {
  const refusal = asked('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}')
  const error = await said(refusal).catch((thrown) => thrown)
  expect({ code: error.code, status: error.status }).toMean<unknown>(
    { code: 'Refused', status: 401 },
    { mistakes: [ignoresStatus] },
  )
})

test('a connection that ends within the head, or within the body, is cut', async () => {
  for (const parts of [[HEAD.slice(0, 30)], [HEAD, '5\r\ndata']])
    await expect(said(asked(...parts))).toRefuse('Truncated')
})

test('an answer without [DONE] is cut, also when HTTP says that all is well', async () => {
  const got = await heard(HEAD, chunked(EVENTS.slice(0, 2)))
  expect(got).toMean<unknown>('Truncated', { mistakes: [noSentinel] })
})

test('a word is given out when it comes, not at the end', async () => {
  let left = () => {}
  const forever = new Promise<void>((resolve) => (left = resolve))
  const ask = compose({
    ...LAYERS,
    connect: async function* () {
      yield* reads([HEAD, chunked(EVENTS.slice(0, 1)).replace(/0\r\n\r\n$/, '')])
      await forever
    },
  })
  const deltas = ask({ url, json: JSON_BODY })[Symbol.asyncIterator]()
  const first = await within(2_000, deltas.next(), 'the first word', undefined, [collectsAll]).finally(() => left())
  expect(first.value).toMean<unknown>({ kind: 'text', text: 'Sea' })
})

test('the end of the body is the end, also when the connection stays open', async () => {
  const ask = compose({
    ...LAYERS,
    connect: () => open([HEAD, chunked(['data: x\n\n'])]).source,
    fromOpenAI: async function* (events) {
      for await (const _ of events) yield { kind: 'text', text: 'x' } as const
      yield { kind: 'end' } as const
    },
  })
  await within(2_000, said(ask({ url, json: 1 })), 'the loop to end', undefined, [waitsForClose])
})

test('who leaves the loop closes the connection', async () => {
  const connection = open([HEAD, chunked(EVENTS)])
  const ask = compose({ ...LAYERS, connect: () => connection.source })
  for await (const _ of ask({ url, json: JSON_BODY })) break
  await within(2_000, connection.closed, 'the connection to be closed', undefined, [leavesOpen])
})

test('a server that is real is understood', async () => {
  await using simulator = await startSimulator({ tokensPerSecond: 2_000, words: { min: 12, max: 12 } })
  const ask = compose({ ...LAYERS, connect })
  const question = { url: new URL('/v1/chat/completions', simulator.url), json: JSON_BODY }
  const words = (await within(5_000, said(ask(question)), 'the answer')).split(' ')
  expect(words.at(-1)).toMean('(end)')
  expect(words.length).toBeGreaterThan(5)
})

async function* untilSentinel(deltas: AsyncIterable<Delta>): AsyncGenerator<Delta> {
  for await (const delta of deltas) {
    yield delta
    if (delta.kind === 'end') return
  }
  throw Object.assign(new Error('no end'), { code: 'Truncated' })
}

function token(content: string): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`
}

function chunked(pieces: readonly string[]): string {
  const chunks = pieces.map((piece) => `${asBytes(piece).length.toString(16)}\r\n${piece}\r\n`)
  return `${chunks.join('')}0\r\n\r\n`
}

async function* reads(parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield asBytes(part)
}

/** A connection that stays open behind its reads, until it is left. */
function open(parts: readonly string[]) {
  let tell = () => {}
  const closed = new Promise<void>((resolve) => (tell = resolve))
  const waiting = parts.map(asBytes)
  const next = () => {
    const value = waiting.shift()
    return value === undefined ? new Promise<never>(() => {}) : Promise.resolve({ done: false as const, value })
  }
  const leave = async () => {
    tell()
    return { done: true as const, value: undefined }
  }
  const source: ReturnType<Connect> = { [Symbol.asyncIterator]: () => ({ next, return: leave }) }
  return { source, closed }
}

function asked(...parts: readonly (string | Uint8Array)[]): AsyncIterable<Delta> {
  return compose({ ...LAYERS, connect: () => reads(parts) })({ url, json: JSON_BODY })
}

/** The words of an answer, or the code of what was thrown. */
async function heard(...parts: readonly (string | Uint8Array)[]): Promise<string> {
  const deltas = asked(...parts)
  return said(deltas).catch((error) => {
    if (error.code === undefined) throw error
    return error.code
  })
}

async function said(deltas: AsyncIterable<Delta>): Promise<string> {
  let words = ''
  for await (const delta of deltas) words += delta.kind === 'text' ? delta.text : delta.kind === 'end' ? ' (end)' : ''
  return words
}

function partsOf(request: Uint8Array) {
  const [top = '', body = ''] = new TextDecoder().decode(request).split('\r\n\r\n')
  const [head, ...fields] = top.split('\r\n')
  return { head, fields, body }
}
