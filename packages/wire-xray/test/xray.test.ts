import { serve } from '@sse-from-scratch/chunked'
import { openEventStream, rawTransport } from '@sse-from-scratch/sse-client'
import { createXray, type Finding, type Span, startProxy } from '@sse-from-scratch/wire-xray'
import { expect, test } from 'vitest'

const bytes = (t: string) => new TextEncoder().encode(t)
test('names every byte, and finds one event in two chunks', async () => {
  await using server = await serve(async (_r, respond) => {
    await using body = await respond(200, { 'Content-Type': 'text/event-stream' })
    await body.write(bytes('data: he'))
    await new Promise((r) => setTimeout(r, 5))
    await body.write(bytes('llo\n\n'))
  })
  const spans: Span[] = [],
    findings: Finding[] = []
  let down = 0
  const xray = createXray(
    (s) => spans.push(s),
    (f) => findings.push(f),
  )
  await using proxy = await startProxy({
    target: server.address,
    onBytes: (_c, dir, b) => {
      xray.push(dir, b)
      if (dir === 'down') down += b.length
    },
  })
  for await (const _ of openEventStream(`http://127.0.0.1:${proxy.address.port}/`, rawTransport())) break
  await new Promise((r) => setTimeout(r, 10))
  expect(findings.map((f) => (f.what.layer === 'http' ? f.what.summary : f.what.item))).toEqual([
    'GET /',
    '200 OK',
    { kind: 'event', event: { type: 'message', data: 'hello', lastEventId: '' } },
  ])
  const event = findings.at(-1)!.bytes
  expect(event.length).toBe(13)
  expect(event.at(-1)! - event[0]!).toBeGreaterThan(12) // not contiguous: a chunk boundary inside
  expect([...new Set(spans.filter((s) => s.direction === 'down').map((s) => s.element))].slice(0, 7)).toEqual([
    'status-line',
    'field-line',
    'chunk-size',
    'chunk-size-lf',
    'chunk-data',
    'chunk-data-cr',
    'chunk-data-lf',
  ])
  const covered = spans.filter((s) => s.direction === 'down').reduce((n, s) => n + s.end - s.start, 0)
  expect(covered).toBe(down)
})
