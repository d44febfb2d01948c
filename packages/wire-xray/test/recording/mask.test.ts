import { everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { createEntryMask, type RecordedRead } from '@sse-from-scratch/wire-xray/recording'
import { describe, expect, test } from 'vitest'
import { bytes, carried, type Line, recorded, text } from './entries.ts'

const KEY = 'sk-0123456789abcdef'
const ASK = `POST /v1/chat?key=${KEY} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${KEY}\r\nContent-Length: 2\r\n\r\n{}`

function masked(...lines: readonly Line[]): readonly RecordedRead[] {
  const entries: RecordedRead[] = []
  const mask = createEntryMask({ record: (entry) => entries.push(entry) })
  for (const entry of recorded(...lines).entries) mask.take(entry)
  mask.close()
  return entries
}

function carriedIn(direction: 'up' | 'down', entries: readonly RecordedRead[]): string {
  return entries
    .map((entry) => (entry.kind === 'bytes' && entry.direction === direction ? text(entry.bytes) : ''))
    .join('')
}
const carriedUp = (entries: readonly RecordedRead[]) => carriedIn('up', entries)
const carriedDown = (entries: readonly RecordedRead[]) => carriedIn('down', entries)

describe('A secret that is recorded', () => {
  test('is stars of its length in the head and in the query, wherever the request was cut', () => {
    const expected = ASK.replaceAll(KEY, '*'.repeat(KEY.length)).replace('Bearer ', '*'.repeat(7))
    for (const reads of everySplit(bytes(ASK))) {
      const entries = masked(...reads.map((read) => ['up', text(read)] as const))
      expect(carriedUp(entries)).toBe(expected)
    }
  })

  test('is stars in the second request of a connection, too', () => {
    const entries = masked(['up', ASK], ['down', 'HTTP/1.1 204 No Content\r\n\r\n'], ['up', ASK])
    expect(carriedUp(entries)).not.toContain(KEY)
  })

  test('is stars in the answer that repeats it, wherever that was cut', () => {
    const answer = `HTTP/1.1 401 Unauthorized\r\nContent-Length: ${KEY.length + 4}\r\n\r\n<${KEY}>no`
    for (const reads of everySplit(bytes(answer))) {
      const entries = masked(['up', ASK], ...reads.map((read) => ['down', text(read)] as const), ['fin', 'down'])
      const down = entries.map((entry) =>
        entry.kind === 'bytes' && entry.direction === 'down' ? text(entry.bytes) : '',
      )
      expect(down.join('')).toBe(answer.replace(KEY, '*'.repeat(KEY.length)))
      expect(down.filter((each) => each !== '').map((each) => each.length)).toEqual(
        reads.map((read) => read.length).filter((size) => size > 0),
      )
    }
  })

  test('is stars in the answer that repeats it in pieces, each in a chunk of its own', () => {
    const head = 'HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n'
    for (let cut = 1; cut < KEY.length; cut++) {
      const pieces = [`<${KEY.slice(0, cut)}`, `${KEY.slice(cut)}>`]
      const framed = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
      const answer = `${head}${pieces.map(framed).join('')}0\r\n\r\n`
      const stars = pieces.map((piece) => framed(piece.replace(/[^<>]/g, '*'))).join('')
      const at = answer.indexOf(pieces[1] as string) - 3
      const whole = masked(['up', ASK], ['down', answer], ['fin', 'down'])
      const parted = masked(['up', ASK], ['down', answer.slice(0, at)], ['down', answer.slice(at)], ['fin', 'down'])
      for (const entries of [whole, parted]) expect(carriedDown(entries)).toBe(`${head}${stars}0\r\n\r\n`)
    }
  })

  test('of which the content has half when it is cut is not shown, and the framing behind that is', () => {
    const head = 'HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n'
    const half = `${head}8\r\n<${KEY.slice(0, 7)}\r\n`
    expect(carriedDown(masked(['up', ASK], ['down', half], ['fin', 'down']))).toBe(`${head}8\r\n<*******\r\n`)
    const whole = masked(['up', ASK], ['down', half], ['down', '0\r\n\r\n'], ['fin', 'down'])
    expect(carriedDown(whole)).toBe(`${half}0\r\n\r\n`) // it is no secret
  })

  test('is stars in Set-Cookie, and where the client sends the cookie again', () => {
    const entries = masked(
      ['up', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
      ['down', 'HTTP/1.1 204 No Content\r\nSet-Cookie: id=abcdefghijkl\r\n\r\n'],
      ['up', 'GET / HTTP/1.1\r\nHost: a\r\nCookie: id=abcdefghijkl\r\n\r\n'],
    )
    expect(carried(entries).join()).not.toContain('abcdefghijkl')
  })

  test('that has stars in it already is known as a whole, and hidden where it comes again', () => {
    const key = 'ab*cdef*ghij'
    const entries = masked(
      ['up', `GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key}\r\n\r\n`],
      ['down', `HTTP/1.1 401 Unauthorized\r\nContent-Length: ${key.length}\r\n\r\n${key}`],
    )
    expect(carried(entries).join()).not.toMatch(/cdef|ghij/)
  })

  test('that is known beforehand is stars wherever it comes', () => {
    const entries: RecordedRead[] = []
    const mask = createEntryMask({ record: (entry) => entries.push(entry), secrets: ['hunter2hunter2', 'short'] })
    for (const entry of recorded(['up', 'no HTTP, but hunter2hunter2 and short']).entries) mask.take(entry)
    mask.close()
    expect(carriedUp(entries)).toBe('no HTTP, but ************** and short')
  })
})

test('What is no secret is recorded as it was, though a read ends like the beginning of one', () => {
  const down = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsk-012'
  expect(carried(masked(['up', ASK], ['down', down], ['down', 'x'], ['fin', 'down'])).slice(1)).toEqual([
    `down ${down}`,
    'down x',
    'fin down',
  ])
})

test('Behind a gap nobody can say where a head begins: what follows in that direction is stars', () => {
  const gap: RecordedRead = { kind: 'gap', at: 2, connection: 1, direction: 'up', size: 10 }
  const entries = masked(
    ['up', 'POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\n'],
    gap,
    ['up', `x: ${KEY}`],
    ['down', 'hello'],
  )
  expect(carried(entries).slice(2)).toEqual([`up ${'*'.repeat(KEY.length + 3)}`, 'down hello'])
})

test('A mask hands on copies: the bytes it was given are still what went over the wire', () => {
  const given = bytes(ASK)
  const mask = createEntryMask({ record: () => {} })
  mask.take({ kind: 'bytes', at: 0, connection: 1, direction: 'up', bytes: given })
  expect(text(given)).toBe(ASK)
})
