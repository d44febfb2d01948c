import { createChunkedEncoder } from '@sse-from-scratch/chunked'
import {
  type BodyEncoder,
  createIdentityEncoder,
  encodeRequestHead,
  encodeResponseHead,
  type FieldLine,
  Fields,
} from '@sse-from-scratch/http-raw'
import fc from 'fast-check'
import type { ReadMessage } from './read-messages.ts'

/** A message as it was meant, and as it is sent. */
export interface SentMessage {
  readonly meant: ReadMessage
  readonly wire: Uint8Array
}

/** Messages of one connection, one behind the other. */
export interface Conversation {
  readonly messages: readonly SentMessage[]
  /** Of the requests that these are answers to; `undefined` if these are the requests. */
  readonly answers?: readonly string[]
}

const TCHAR = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
const token = fc.string({ unit: fc.constantFrom(...TCHAR), minLength: 1, maxLength: 12 })
const visible = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code))
const obsText = fc.integer({ min: 0x80, max: 0xff }).map((code) => String.fromCharCode(code))

const method = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH') },
  { weight: 1, arbitrary: token.filter((name) => name !== 'CONNECT') },
)
const path = fc.string({ unit: visible.filter((character) => character !== '#'), maxLength: 30 })
const target = fc.oneof(
  path.map((rest) => `/${rest}`),
  fc.constantFrom('http://b.example', 'https://b.example:8443/x?y=1', 'http://[::1]:80/'),
)

/** Those that say something about the message or its connection are left to the framing, and to the mutations. */
const fieldName = token.filter(
  (name) => !/^(host|connection|content-length|transfer-encoding|expect|upgrade|te|trailer)$/i.test(name),
)
const fieldValue = fc
  .string({ unit: fc.oneof({ weight: 8, arbitrary: visible }, obsText, fc.constantFrom(' ', '\t', ',', ';', '"')) })
  .map((value) => value.replaceAll(/^[ \t]+|[ \t]+$/g, ''))
const fieldLines: fc.Arbitrary<FieldLine[]> = fc.array(fc.tuple(fieldName, fieldValue), { maxLength: 6 })
const trailerLines: fc.Arbitrary<FieldLine[]> = fc.array(
  fc.tuple(fc.constantFrom('Done', 'Checksum', 'X-Timing'), fieldValue),
  { maxLength: 3 },
)
const pieces = fc.array(fc.uint8Array({ maxLength: 200, size: 'max' }), { maxLength: 5 })

type Framing = 'none' | 'content-length' | 'chunked' | 'until-close'

interface Framed {
  readonly lines: readonly FieldLine[]
  readonly encoder: BodyEncoder
  readonly carries: boolean
}

function frame(framing: Framing, size: number): Framed {
  switch (framing) {
    case 'none':
      return { lines: [], encoder: createIdentityEncoder(0), carries: false }
    case 'until-close':
      return { lines: [], encoder: createIdentityEncoder(), carries: true }
    case 'content-length':
      return { lines: [['Content-Length', `${size}`]], encoder: createIdentityEncoder(size), carries: true }
    case 'chunked':
      return { lines: [['Transfer-Encoding', 'chunked']], encoder: createChunkedEncoder(), carries: true }
  }
}

function encodeBody({ encoder, carries }: Framed, body: readonly Uint8Array[], trailers: Fields): Uint8Array {
  if (!carries) return new Uint8Array(0)
  return Buffer.concat([...body.flatMap((piece) => encoder.encode(piece)), ...encoder.end(trailers)])
}

function join(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString('latin1')
}

const request: fc.Arbitrary<SentMessage> = fc
  .record({
    method,
    target,
    fields: fieldLines,
    framing: fc.constantFrom<Framing>('none', 'content-length', 'chunked'),
    body: pieces,
    trailers: trailerLines,
  })
  .map(({ method, target, fields, framing, body, trailers }) => {
    const framed = frame(framing, join(body).length)
    const all = new Fields([['Host', 'a.example'], ...fields, ...framed.lines])
    const last = new Fields(framing === 'chunked' ? trailers : [])
    const head = encodeRequestHead({ method, target, version: '1.1', fields: all })
    return {
      wire: Buffer.concat([head, encodeBody(framed, body, last)]),
      meant: {
        head: `${method} ${target} HTTP/1.1\r\n${all}\r\n`,
        body: framed.carries ? join(body) : '',
        trailers: String(last),
      },
    }
  })

/** Requests that were sent without waiting for answers (RFC 9112 §9.3.2). */
export const requests: fc.Arbitrary<Conversation> = fc
  .array(request, { minLength: 1, maxLength: 4 })
  .map((messages) => ({ messages }))

interface Answered {
  readonly sent: SentMessage
  readonly method: string
}

const answer: fc.Arbitrary<Answered> = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'HEAD'),
    status: fc.oneof(fc.constantFrom(200, 204, 304, 404, 500), fc.integer({ min: 200, max: 999 })),
    reason: fieldValue,
    fields: fieldLines,
    interim: fc.array(fc.constantFrom(100, 102, 103), { maxLength: 2 }),
    framing: fc.constantFrom<Framing>('content-length', 'chunked'),
    body: pieces,
    trailers: trailerLines,
  })
  .map(({ method, status, reason, fields, interim, framing, body, trailers }) => {
    const framed = frame(framing, join(body).length)
    const all = new Fields([...fields, ...framed.lines])
    const last = new Fields(framing === 'chunked' ? trailers : [])
    const bare = method === 'HEAD' || status === 204 || status === 304
    const heads = interim.map((early) => ({ version: '1.1', status: early, reason: '', fields: new Fields() }) as const)
    const final = { version: '1.1', status, reason, fields: all } as const
    const wire = [...heads, final].map(encodeResponseHead)
    return {
      method,
      sent: {
        wire: Buffer.concat([...wire, ...(bare ? [] : [encodeBody(framed, body, last)])]),
        meant: {
          head: [...heads, final]
            .map((head) => `${head.status} ${head.reason} HTTP/1.1\r\n${head.fields}\r\n`)
            .join(''),
          body: bare ? '' : join(body),
          trailers: bare ? '' : String(last),
        },
      },
    }
  })

/** Responses on one connection; the last one may end with it. */
export const responses: fc.Arbitrary<Conversation> = fc
  .tuple(fc.array(answer, { minLength: 1, maxLength: 4 }), fc.option(pieces))
  .map(([answers, rest]) => {
    const methods = answers.map(({ method }) => method)
    const messages = answers.map(({ sent }) => sent)
    if (rest === null) return { messages, answers: methods }
    const wire = Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), ...rest])
    const meant = { head: '200 OK HTTP/1.1\r\n\r\n', body: join(rest), trailers: '' }
    return { messages: [...messages, { wire, meant }], answers: [...methods, 'GET'] }
  })

/** As plain bytes: a `slice` of a Buffer would be no copy, and a copy is what the properties want to notice. */
export function wireOf({ messages }: Conversation): Uint8Array {
  return new Uint8Array(Buffer.concat(messages.map(({ wire }) => wire)))
}

export const places: fc.Arbitrary<number[]> = fc.array(fc.nat(4000), { maxLength: 12 })

/** The reads of a network that cuts at these places. */
export function cutAt(wire: Uint8Array, at: readonly number[]): Uint8Array[] {
  const sorted = at.map((place) => place % (wire.length + 1)).sort((a, b) => a - b)
  return [...sorted, wire.length].map((end, i) => wire.subarray(sorted[i - 1] ?? 0, end))
}

export function byteByByte(wire: Uint8Array): Uint8Array[] {
  return Array.from(wire, (_, at) => wire.subarray(at, at + 1))
}
