import { type ChunkedState, createChunkedDecoder } from '@sse-from-scratch/chunked'
import { explainDifference } from '@sse-from-scratch/wire-xray'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { glyph } from '../src/difference/glyph.ts'
import { encode } from './look.ts'

const HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

/** What the decoder makes of bytes, one by one. */
interface Verdict {
  readonly kind: 'refused' | 'waiting' | 'whole'
  /** Where it was when it refused the next byte, or had no more. */
  readonly state: ChunkedState
  /** How many bytes it took. */
  readonly taken: number
  readonly data: string
}

function judge(bytes: Uint8Array): Verdict {
  const decoder = createChunkedDecoder()
  let [taken, data] = [0, '']
  for (; taken < bytes.length && decoder.state !== 'done'; taken++) {
    const { state } = decoder
    try {
      decoder.push(bytes.subarray(taken, taken + 1), (event) => {
        if (event.kind === 'data') data += Buffer.from(event.data).toString('latin1')
      })
    } catch {
      return { kind: 'refused', state, taken, data }
    }
  }
  return { kind: decoder.state === 'done' ? 'whole' : 'waiting', state: decoder.state, taken, data }
}

interface Claimed {
  readonly verdict: Verdict
  readonly expected: Verdict
  readonly bytes: Uint8Array
  readonly words: RegExpExecArray
}

/** What an explanation may say of a receiver, and when that is so. */
const CLAIMS: readonly (readonly [said: RegExp, isSo: (claimed: Claimed) => boolean])[] = [
  [/refuse[sd](?! what is behind it)/, ({ verdict }) => verdict.kind === 'refused'],
  [/goes on waiting|waits for more;/, ({ verdict }) => verdict.kind === 'waiting'],
  [/waits for more of what is behind it|refuses what is behind it/, (claimed) => restOf(claimed) > 0],
  [/A receiver takes the (?:body|message)/, ({ verdict }) => verdict.kind === 'whole'],
  [/the body ends here|ends here, and the body with it/, ({ verdict }) => verdict.kind === 'whole'],
  [/takes (?:it|them) for the beginning of the next message/, (claimed) => restOf(claimed) > 0],
  [/takes the fields that should follow for the next message/, ({ verdict }) => verdict.kind === 'whole'],
  [/(\d+) bytes? behind the end of the body/, (claimed) => restOf(claimed) === Number(claimed.words[1])],
  [/takes (.{1,9}) for CR/, (claimed) => isRefusedFor(claimed, 'chunk-data-cr')],
  [/takes (.{1,9}) for LF/, (claimed) => isRefusedFor(claimed, 'chunk-data-lf')],
  [
    /takes the CR behind them for data/,
    ({ verdict }) => verdict.state === 'chunk-data-cr' && verdict.data.endsWith('\r'),
  ],
  [
    /takes (?:what follows for trailer fields|.{1,9} for the beginning of a field)/,
    ({ verdict }) => verdict.state === 'trailer-section',
  ],
  [
    /a receiver gets the same content/,
    ({ verdict, expected }) => verdict.data === expected.data && verdict.kind === expected.kind,
  ],
]

function restOf({ verdict, bytes }: Claimed): number {
  return verdict.kind === 'whole' ? bytes.length - verdict.taken : -1
}

function isRefusedFor({ verdict, bytes, words }: Claimed, state: ChunkedState): boolean {
  const byte = Buffer.from(bytes).toString('latin1', verdict.taken)
  return verdict.kind === 'refused' && verdict.state === state && glyph(byte) === words[1]
}

/** The claims of an explanation that are not so. */
function falseClaims(expected: string, got: string, head: string): string[] {
  const as = head === '' ? 'chunked-body' : 'message'
  const text = explainDifference(encode(head + expected), encode(head + got), { as, columns: 1000 })
  const said = text.split('\n\n').at(-1) ?? ''
  const judged = { verdict: judge(encode(got)), expected: judge(encode(expected)), bytes: encode(got) }
  return CLAIMS.flatMap(([claim, isSo]) => {
    const words = claim.exec(said)
    return words === null || isSo({ ...judged, words }) ? [] : [`${said} <- ${JSON.stringify(judged.verdict)}`]
  })
}

const data = fc
  .array(fc.constantFrom('a', '7', '0', 'é', ':', ' ', '\r', '\n', '\r\n', '0\r\n\r\n'), {
    minLength: 1,
    maxLength: 12,
  })
  .map((parts) => parts.join(''))

/** A chunk whose size is right. */
const chunk = fc
  .tuple(data, fc.constantFrom('', '', '', ';a=b'), fc.constantFrom('', '', '', '0'))
  .map(([text, extension, zero]) => `${zero}${encode(text).length.toString(16)}${extension}\r\n${text}\r\n`)

const end = fc.constantFrom('0\r\n\r\n', '0\r\n\r\n', '0\r\nDone: yes\r\n\r\n', '0\r\nA: b\r\nDone: yes\r\n\r\n', '')

const chunks = fc.array(chunk, { maxLength: 3 })

const body = fc.tuple(chunks, end).map(([parts, last]) => parts.join('') + last)

/** The same data, cut elsewhere: as long as what the chunks carry is ASCII. */
const inOtherChunks = fc
  .tuple(
    fc.array(fc.constantFrom('a', '7', '0\r\n', '\r\n'), { minLength: 2, maxLength: 9 }),
    fc.nat(9),
    fc.nat(9),
    end,
  )
  .map(([parts, first, second, last]) => {
    const text = parts.join('')
    return [cut(text, first) + last, cut(text, second) + last] as const
  })

function cut(text: string, at: number): string {
  const parts = [text.slice(0, at), text.slice(at)].filter((part) => part !== '')
  return parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('')
}

const change = fc.record({
  at: fc.nat(60),
  remove: fc.nat(3),
  insert: fc.constantFrom(
    '',
    '',
    '\r',
    '\n',
    '\r\n',
    '0',
    '1',
    '9',
    'f',
    ';',
    ' ',
    'x',
    ':',
    'X: y\r\n',
    '0\r\n\r\n',
    '10',
  ),
})

/** What was expected, with a few characters changed. */
const changed = fc.tuple(body, fc.array(change, { minLength: 1, maxLength: 2 })).map(([expected, changes]) => {
  const got = changes.reduce((text, { at, remove, insert }) => {
    const place = at % (text.length + 1)
    return text.slice(0, place) + insert + text.slice(place + remove)
  }, expected)
  return [expected, got] as const
})

/** With another size before data that stays. */
const resized = fc.tuple(chunks, chunk, fc.nat(20), body).map(([before, one, size, behind]) => {
  const first = before.join('')
  return [first + one + behind, first + one.replace(/^[\da-f]+/, size.toString(16)) + behind] as const
})

const cutShort = fc.tuple(body, fc.nat(60)).map(([expected, at]) => [expected, expected.slice(0, at)] as const)
const withMore = fc.tuple(chunks, body).map(([parts, more]) => [parts.join(''), parts.join('') + more] as const)
const pair = fc.oneof(changed, resized, cutShort, withMore, inOtherChunks, fc.tuple(body, body))

describe.each([
  ['a chunked body', ''],
  ['a message', HEAD],
])('of %s', (_what, head) => {
  test('an explanation says of the receiver only what the decoder does', () => {
    fc.assert(
      fc.property(pair, ([expected, got]) => {
        expect(falseClaims(expected, got, head)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})
