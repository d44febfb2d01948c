import { expect, test } from 'vitest'
import { differences, type Side } from '../src/cli/differences.ts'
import { pathTo } from '../src/cli/json-path.ts'
import type { WireEvent } from '../src/cli/wire.ts'
import { wireLines } from '../src/cli/wire-lines.ts'
import { createFold } from '../src/fold.ts'
import { createMeter } from '../src/meter.ts'
import { bytes } from './wire.ts'

function side(down: string, events: readonly WireEvent[] = []): Side {
  const entry = { kind: 'bytes', at: 1, connection: 1, direction: 'down', bytes: bytes(down) } as const
  const outcome = {
    ...createFold().answer(),
    complete: true,
    error: undefined,
    metrics: createMeter().metrics(undefined),
    rateLimit: undefined,
    attempts: 1,
  }
  return { name: 'peer', wire: { entries: [entry], events }, outcome }
}

const answers = (peer: Side) => Object.fromEntries(differences([peer]).map(({ what, answers }) => [what, answers[0]]))

test('what a peer has put into a field, a name or a type does not talk to the terminal', () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: a\u009b2Jb\r\n\r\n'
  const type = 'x\u001b]52;c;y\u0007z\u202e'
  const said = answers(side(head, [{ type, data: JSON.stringify({ type }), events: [] }]))
  expect(said).toMatchObject({ 'answers as': 'ab', 'event: lines': 'xz', 'type in the JSON': 'xz', 'ends with': 'xz' })
})

test('names without end are cut', () => {
  const events = Array.from({ length: 1000 }, (_, i) => ({ type: `name-${i}`, data: '{}', events: [] }))
  expect(answers(side('', events))['event: lines']).toHaveLength(1002)
})

test('the wire is shown without what a terminal would obey, also when a read cuts it', () => {
  const cut = ['a\u001b]0;', 'title\u0007b\r', '\nc']
  const entries = cut.map(
    (part, at) => ({ kind: 'bytes', at, connection: 1, direction: 'down', bytes: bytes(part) }) as const,
  )
  const lines = wireLines({ entries, events: [] }, 0)
  expect(lines.map(({ margin, text }) => margin + text)).toEqual([
    '    0 ms < a',
    '    1 ms < b',
    '    2 ms < ',
    '         < c',
  ])
})

test('of a long wire the middle is left out, and counted', () => {
  const { wire } = side(Array.from({ length: 100 }, (_, i) => `line ${i}\n`).join(''))
  const lines = wireLines(wire, 10).map(({ text }) => text)
  expect(lines).toHaveLength(10)
  expect([lines[0], lines[7], lines[9]]).toEqual(['line 0', '… 91 lines more …', 'line 99'])
})

test.each([
  ['{"a":{"b":[1,{"c":"x"}]}}', 'x', 'a.b[1].c'],
  ['{"a":"y"}', 'x', undefined],
  ['not JSON', 'x', undefined],
  [JSON.stringify(Array.from({ length: 200_000 }, () => 'y').concat('x')), 'x', undefined],
])('in %.40s the value %s is at %s', (text, value, path) => {
  expect(pathTo(text, value)).toBe(path)
})
