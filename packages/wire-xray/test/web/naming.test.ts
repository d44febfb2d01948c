import type { RecordedRead } from '@sse-from-scratch/llm-stream/recording'
import { createExplainer, type Item } from '@sse-from-scratch/wire-xray/proxy'
import { createTimeline, type Exchange } from '@sse-from-scratch/wire-xray/timeline'
import { expect, test } from 'vitest'
import { rowsOf } from '../../src/rows.ts'
import type { Span } from '../../src/span.ts'
import { createJudge } from '../../src/web/judge.ts'
import { createNamer } from '../../src/web/named-bytes.ts'
import { createNaming } from '../../src/web/naming.ts'
import { createXray } from '../../src/xray.ts'
import { chunk, HEAD, recorded, tokens } from './streams.ts'

const ASKED = 'POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi'

/** What an x-ray that gets all of it at once says. */
function rowsAtOnce(answer: string) {
  const spans: Span[] = []
  const xray = createXray(
    (span) => span.direction === 'down' && spans.push(span),
    () => {},
  )
  xray.push('up', Buffer.from(ASKED))
  xray.push('down', Buffer.from(answer))
  return rowsOf(spans)
}

function named(exchange: Exchange | undefined) {
  if (!exchange) throw new Error('nothing was recorded')
  const naming = createNaming(exchange, 'down')
  while (naming.advance());
  return naming
}

test('bytes have the same names, wherever the reads were cut', async () => {
  const body = `${chunk('\n\n: x\ndata: a\r\ndata: b\r\n\r\n')}${chunk('data: {"a":1}\n\n')}0\r\nA: b\r\n\r\n`
  const answer = `${HEAD}${body}`
  const expected = rowsAtOnce(answer)
  for (let cut = 1; cut < body.length; cut++) {
    const [exchange] = await recorded(ASKED, [HEAD, body.slice(0, cut), body.slice(cut)])
    expect(named(exchange).rows, `cut at ${cut}`).toEqual(expected)
  }
  const [exchange] = await recorded(ASKED, [...answer])
  const { rows, bytesAt } = named(exchange)
  expect(rows).toEqual(expected)
  const bytes = Buffer.concat(rows.map(({ start, end }) => bytesAt(start, end - start)))
  expect(bytes.toString()).toBe(answer)
})

test('what comes while one looks is named from where one had come to', async () => {
  const timeline = createTimeline()
  const explainer = createExplainer(timeline.take, { withBytes: true })
  const take = (direction: 'up' | 'down', text: string) => {
    const entry: RecordedRead = { connection: 1, at: 0, kind: 'bytes', direction, bytes: Buffer.from(text) }
    explainer.take(entry)
  }
  const name = createNamer()
  take('up', ASKED)
  take('down', HEAD)
  const look = () => name(timeline.exchanges[0] as Exchange, 'down', 0)
  expect((await look()).range).toEqual([0, HEAD.length])
  take('down', 'a\r\ndata')
  expect((await look()).rows.at(-1)).toMatchObject({ element: 'field-name', size: 4 })
  take('down', ': hi\n\n\r\n')
  const { rows } = await look()
  expect(rows.map(({ element }) => element).slice(-4)).toEqual(['field-name', 'field-value', 'blank-line', 'crlf'])
})

test('of bytes that were let go of, and of those behind them, nothing is named', async () => {
  const [exchange] = await recorded(ASKED, tokens(3))
  if (!exchange) throw new Error('nothing was recorded')
  const without = (item: Item, n: number): Item => {
    if (item.kind !== 'read' || n < 8) return item
    const { bytes: _, ...read } = item
    return read
  }
  const holed = { ...exchange, items: exchange.items.map(without) }
  const { rows, range } = await createNamer()(holed, 'down', 0)
  expect(rows.length).toBeGreaterThan(0)
  expect(range?.[1]).toBeLessThan(tokens(3).join('').length)
  const none = { ...exchange, items: exchange.items.map((item) => without(item, 9)) }
  expect(await createNamer()(none, 'down', 0)).toEqual({ rows: [] })
})

test('an exchange is judged once, and again when it has ended', async () => {
  const [whole] = await recorded(ASKED, tokens(30))
  if (!whole) throw new Error('nothing was recorded')
  const items = whole.items.slice(0, 60)
  const growing = { ...whole, items, end: { kind: 'open' } as Exchange['end'] }
  const judge = createJudge()
  const tapped = { front: [growing], back: [], shift: 0 }
  const first = judge(0, growing, tapped)
  expect(judge(0, growing, tapped)).toBe(first)
  items.push(...whole.items.slice(60))
  growing.end = whole.end
  const last = judge(0, growing, tapped)
  expect(last.items).toBe(whole.items.length)
  expect(last.findings).toEqual(createJudge()(0, whole, { ...tapped, front: [whole] }).findings)
})
