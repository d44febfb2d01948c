import {
  encodeRecordedRead,
  encodeRecordingHead,
  missingFrom,
  parseRecording,
  type RecordedRead,
} from '@sse-from-scratch/llm-stream/recording'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytes } from './wire.ts'

const head = { startedAt: '2026-11-20T03:51:57.000Z', target: 'https://api.example.com', redacted: ['authorization'] }
const where = { at: 1.25, connection: 1 }

const entries: readonly RecordedRead[] = [
  { kind: 'open', ...where, address: '10.0.0.5:443', tls: 'TLSv1.3', alpn: 'http/1.1', took: 20.5 },
  { kind: 'open', at: 1.5, connection: 2 },
  { kind: 'bytes', ...where, direction: 'up', bytes: bytes('POST / HTTP/1.1\r\n\r\n') },
  { kind: 'bytes', ...where, direction: 'down', bytes: bytes('data: Grüße 🌍\n\n') },
  { kind: 'bytes', ...where, direction: 'down', bytes: Uint8Array.of(0xf0, 0x9f) },
  { kind: 'gap', ...where, direction: 'down', size: 4096 },
  { kind: 'fin', ...where, direction: 'down' },
  { kind: 'reset', ...where, direction: 'up' },
  { kind: 'error', ...where, code: 'TCP_TIMEOUT' },
  { kind: 'stall', ...where, milliseconds: 3000 },
  { kind: 'wait', ...where, direction: 'down', milliseconds: 250 },
]

const fileOf = (list: readonly RecordedRead[]) => encodeRecordingHead(head) + list.map(encodeRecordedRead).join('')

describe('a recording', () => {
  test('is read as it was written', () => {
    expect(parseRecording(fileOf(entries))).toEqual({ head, entries, cut: false })
  })

  test('has a line for each entry, in which text is readable', () => {
    expect(fileOf(entries).split('\n').slice(0, 5)).toEqual([
      '{"xray":1,"wall":"2026-11-20T03:51:57.000Z","clock":"ms","target":"https://api.example.com","redacted":["authorization"]}',
      '{"t":1.25,"c":1,"k":"open","up":"10.0.0.5:443","tls":"TLSv1.3","alpn":"http/1.1","ms":20.5}',
      '{"t":1.5,"c":2,"k":"open"}',
      '{"t":1.25,"c":1,"k":"up","s":"POST / HTTP/1.1\\r\\n\\r\\n"}',
      '{"t":1.25,"c":1,"k":"down","s":"data: Grüße 🌍\\n\\n"}',
    ])
  })

  test('keeps any bytes, a byte order mark and the end of the alphabet too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (any) => {
        const marked = Uint8Array.of(0xef, 0xbb, 0xbf, ...any)
        for (const part of [any, marked]) {
          const [read] = parseRecording(fileOf([{ kind: 'bytes', ...where, direction: 'up', bytes: part }])).entries
          expect(read).toMatchObject({ bytes: part })
        }
      }),
    )
  })

  test('keeps a read of a megabyte that is no text', () => {
    const big = new Uint8Array(1 << 20).fill(0xff)
    const [read] = parseRecording(fileOf([{ kind: 'bytes', ...where, direction: 'down', bytes: big }])).entries
    expect(read?.kind === 'bytes' && Buffer.compare(read.bytes, big)).toBe(0)
  })

  test('that was cut anywhere behind its head is read up to the cut', () => {
    const text = fileOf(entries)
    for (let size = encodeRecordingHead(head).length; size <= text.length; size++) {
      const { entries: read, cut } = parseRecording(text.slice(0, size))
      const whole = text.slice(0, size).split('\n').length - 2
      const isCut = text[size - 1] !== '\n' && text[size] !== '\n' && size < text.length
      expect(cut, `cut after ${size}`).toBe(isCut)
      expect(read).toHaveLength(text[size - 1] === '\n' || isCut ? whole : whole + 1)
      expect(read).toEqual(entries.slice(0, read.length))
    }
  })

  test('may hold kinds of a later version, which are left out', () => {
    expect(parseRecording(`${fileOf([])}{"t":1,"c":1,"k":"smell"}\n`).entries).toEqual([])
  })
})

describe('of a recording is left out, with its number,', () => {
  const next = '{"t":1,"c":1,"k":"fin","d":"up"}'
  test.each([
    ['a line that is not JSON', '{"t":1', 'not JSON'],
    ['a line without a time', '{"c":1,"k":"fin","d":"up"}', 'no time (t)'],
    ['a line with a time before the beginning', '{"t":-1,"c":1,"k":"fin","d":"up"}', 'no time (t)'],
    ['a line without a connection', '{"t":1,"k":"fin","d":"up"}', 'no connection (c)'],
    ['an end without a side', '{"t":1,"c":1,"k":"fin"}', 'no direction (d)'],
  ])('%s', (_, line, why) => {
    const { entries: read, cut, skipped } = parseRecording(`${fileOf([])}${line}\n${next}\n`)
    expect(read).toEqual([{ kind: 'fin', at: 1, connection: 1, direction: 'up' }])
    expect([cut, skipped]).toEqual([false, [{ number: 2, why }]])
  })

  test.each([
    ['that are neither text nor base64', '{"t":1,"c":3,"k":"up","b64":"%"}', 'up'],
    ['that are not there', '{"t":1,"c":3,"k":"down"}', 'down'],
    ['whose line is cut', '{"t":1,"c":3,"k":"down","b64":"SFRU', 'down'],
  ])('bytes %s, and a gap is in their place', (_, line, direction) => {
    const { entries: read, skipped } = parseRecording(`${fileOf([])}${line}\n${next}\n`)
    expect(read[0]).toEqual({ kind: 'gap', at: 0, connection: 3, direction, size: 0 })
    expect([read.length, skipped?.length]).toEqual([2, 1])
  })

  test('each of the first three, in a sentence; and how many more', () => {
    expect(missingFrom(parseRecording(`${fileOf([])}${next}\n`))).toBeUndefined()
    expect(missingFrom(parseRecording(`${fileOf([])}a\n${next}\n{"t":`))).toBe(
      'Not all of the recording is here: it has no entry in line 2 (not JSON); its last line is cut: the recording was stopped in the middle of it.',
    )
    expect(missingFrom(parseRecording(`${fileOf([])}${'a\n'.repeat(5)}`))).toMatch(
      /line 4 \(not JSON\), 2 more lines\.$/,
    )
  })
})

describe('LLM_BAD_RECORDING is', () => {
  test.each([
    ['an empty file', ''],
    ['a head that is cut', encodeRecordingHead(head).slice(0, -10)],
    ['another file', '# README\n'],
    ['a later version', '{"xray":2}\n'],
  ])('%s', (_, text) => {
    expect(() => parseRecording(text)).toThrow(expect.objectContaining({ code: 'LLM_BAD_RECORDING' }))
  })
})
