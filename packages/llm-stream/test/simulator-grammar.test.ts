import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FAULT_WORDS, parseFaults } from '../src/simulator/index.ts'

const event = (n: number) => ({ unit: 'event', n })

describe('a specification of faults', () => {
  test.each([
    ['cut=utf8@3', { cut: { inside: 'utf8', end: 'fin', at: event(3) } }],
    ['cut=json+rst', { cut: { inside: 'json', end: 'rst', at: event(3) } }],
    ['cut=rst@byte:500', { cut: { end: 'rst', at: { unit: 'byte', n: 500 } } }],
    ['cut=clean@event:7', { cut: { end: 'clean', at: event(7) } }],
    ['stall-after=3', { stall: { time: Number.POSITIVE_INFINITY, at: event(3) } }],
    ['stall=1.5s@4', { stall: { time: 1500, at: event(4) } }],
    ['stall-after=5,cut=utf8', { stall: { at: event(5) }, cut: { inside: 'utf8', at: event(5) } }],
    ['stall-after=5,cut=utf8@9', { stall: { at: event(5) }, cut: { at: event(9) } }],
    ['status=503', { status: 503 }],
    ['status=quota,retry-after=2s', { status: 'quota', retryAfter: { form: 'seconds', milliseconds: 2000 } }],
    ['retry-after=date:1m', { retryAfter: { form: 'date', milliseconds: 60_000 } }],
    ['interim=100+103', { interim: [100, 103] }],
    ['length=-5', { framing: 'length', lengthOff: -5 }],
    ['error=overloaded', { error: { failure: 'overloaded', at: event(1) } }],
    [' drop@2 , no-done', { drop: event(2), noDone: true }],
    ['linger', { linger: Number.POSITIVE_INFINITY }],
  ])('%s', (text, spec) => {
    expect(parseFaults(text)).toMatchObject(spec)
  })

  test.each([
    ['', /no fault "", but status/],
    ['explode', /"explode"/],
    ['cut', /utf8, json, chunk-size, fin, rst/],
    ['cut=utf8+json', /one of utf8, json, chunk-size, and one of fin/],
    ['cut=utf8@byte:3', /not from a byte/],
    ['cut=utf8@0', /count from 1/],
    ['cut=fin@', /a place such as @3/],
    ['cut=clean+chunk-size', /cleanly/],
    ['cut=clean@byte:3', /clean/],
    ['stall=soon', /a time such as 800ms/],
    ['stall=99999999999s', /a time such as/],
    ['status=200', /400 to 599/],
    ['status=tired', /overloaded, rate-limit/],
    ['interim=101', /but 101/],
    ['no-done=1', /no value/],
    ['page@3', /no place/],
    ['drop@byte:3', /at an event/],
    ['size=5@3', /\+5/],
    ['split=0', /from 1 on/],
    ['type=html', /text\/html/],
    ['type=text/html\r\nX: y', /text\/html/],
    ['drop@1,drop@2', /twice/],
    ['framing=close,corrupt=size', /not chunked/],
    ['http10,cut=chunk-size', /not chunked/],
    ['gzip=flush,length=+1', /compressed/],
    ['gzip=flush,cut=utf8', /compressed/],
    ['x'.repeat(501), /500 characters/],
  ])('%j is refused with what would be right', (text, message) => {
    expect(() => parseFaults(text)).toThrow(TypeError)
    expect(() => parseFaults(text)).toThrow(message)
  })

  test('each word is documented with an example that it can read', () => {
    for (const { usage, name } of FAULT_WORDS) {
      expect(usage).toMatch(new RegExp(`^${name}(?![a-z-])`))
      expect(parseFaults(usage.replace('NAME', 'overloaded'))).not.toEqual({})
    }
  })

  test('the table of the README has each word, as the code has it', () => {
    const readme = readFileSync(new URL('../src/simulator/README.md', import.meta.url), 'utf8')
    const rows = readme
      .split('\n')
      .filter((line) => FAULT_WORDS.some(({ usage }) => line.startsWith(`| \`${usage}\` |`)))
    expect(rows).toEqual(FAULT_WORDS.map(({ usage, meaning }) => `| \`${usage}\` | ${meaning} |`))
  })

  test('whatever the text is, it is read or refused with a TypeError', () => {
    const words = fc.constantFrom(
      ...FAULT_WORDS.map(({ usage }) => usage),
      ',',
      '@',
      '=',
      '+',
      ':',
      '3',
      'byte:1',
      'ms',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((parts) => parts.join('')),
        ),
        (text) => {
          try {
            parseFaults(text)
          } catch (error) {
            expect(error).toBeInstanceOf(TypeError)
          }
        },
      ),
    )
  })
})
