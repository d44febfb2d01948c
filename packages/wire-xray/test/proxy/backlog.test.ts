import type { RecordedRead } from '@sse-from-scratch/llm-stream/recording'
import { describe, expect, test } from 'vitest'
import { createBacklog } from '../../src/proxy/backlog.ts'
import { createExplainer } from '../../src/proxy/explainer.ts'
import type { Item } from '../../src/proxy/item.ts'
import { bytes } from './stage.ts'

const read = (size: number, direction: 'up' | 'down' = 'down', connection = 1): RecordedRead => ({
  kind: 'bytes',
  at: 0,
  connection,
  direction,
  bytes: new Uint8Array(size),
})
const fin: RecordedRead = { kind: 'fin', at: 0, connection: 1, direction: 'down' }

function inShort(entry: RecordedRead): string {
  if (entry.kind === 'bytes') return `${entry.connection} ${entry.direction} ${entry.bytes.length}`
  return entry.kind === 'gap' ? `${entry.connection} ${entry.direction} gap of ${entry.size}` : entry.kind
}

function filled(maxWaiting: number, entries: readonly RecordedRead[]): readonly string[] {
  const taken: string[] = []
  const backlog = createBacklog((entry) => taken.push(inShort(entry)), maxWaiting)
  for (const entry of entries) backlog.add(entry)
  backlog.flush()
  return taken
}

describe('a backlog', () => {
  test('hands on everything in order, and nothing before its turn', async () => {
    const taken: string[] = []
    const backlog = createBacklog((entry) => taken.push(inShort(entry)), Number.POSITIVE_INFINITY)
    for (let n = 1; n <= 3000; n++) backlog.add(read(n))
    backlog.add(fin)
    expect(taken).toEqual([])
    while (taken.length < 3001) await new Promise(setImmediate)
    expect(taken).toEqual([...Array.from({ length: 3000 }, (_, n) => `1 down ${n + 1}`), 'fin'])
  })

  test('says how many bytes it let go, where they were, each direction for itself', () => {
    const entries = [read(1000), read(500, 'up'), read(600), read(700, 'down', 2), read(30), fin, read(5, 'down', 2)]
    expect(filled(1500, entries)).toEqual([
      '1 down 1000',
      '1 up gap of 500',
      '1 down gap of 630',
      '2 down gap of 705',
      'fin',
    ])
  })

  test('lets go of what comes behind a gap that waits, also if it would fit', () => {
    expect(filled(2000, [read(1000), read(600), read(30)])).toEqual(['1 down 1000', '1 down gap of 630'])
  })

  test('has room again when something has been handed on', () => {
    const taken: string[] = []
    const backlog = createBacklog((entry) => taken.push(inShort(entry)), 400)
    for (let n = 0; n < 3; n++) {
      backlog.add(read(100))
      backlog.add(read(50))
      backlog.flush()
    }
    expect(taken).toEqual(Array.from({ length: 3 }, () => ['1 down 100', '1 down gap of 50']).flat())
  })

  test('of no size lets everything go but what happened', () => {
    expect(filled(0, [read(1), fin])).toEqual(['1 down gap of 1', 'fin'])
  })

  test.each([-1, Number.NaN])('of %d bytes is a RangeError', (size) => {
    expect(() => createBacklog(() => {}, size)).toThrow(RangeError)
  })
})

test('behind a gap reads are counted, and not explained: nobody knows what is missing', () => {
  const items: Item[] = []
  const explainer = createExplainer((item) => items.push(item))
  const down = { at: 0, connection: 1, direction: 'down' } as const
  explainer.take({ kind: 'bytes', ...down, bytes: bytes('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n') })
  explainer.take({ kind: 'gap', ...down, size: 100 })
  explainer.take({ kind: 'bytes', ...down, bytes: bytes('zzz') })
  explainer.take({ kind: 'fin', ...down })
  expect(items.map((item) => (item.kind === 'finding' ? item.finding.kind : item.kind))).toEqual([
    'read',
    'head',
    'gap',
    'read',
    'fin',
  ])
  expect(items[3]).toMatchObject({ range: [147, 150] })
})
