import type { RecordedRead } from '@sse-from-scratch/llm-stream/recording'
import { createExplainer } from '../../src/proxy/explainer.ts'
import { createTimeline, type Exchange } from '../../src/timeline/index.ts'

/** Something that happened to a connection: bytes, `FIN`, `RST`, or a broken connection by its code (`TCP_TIMEOUT`). */
export type Line = readonly [
  at: number,
  direction: 'up' | 'down',
  what: string | Uint8Array | { readonly wait: number },
]

export const GET = 'GET /stream HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n'

export const asked: Line = [0, 'up', GET]

export function head(fields: Readonly<Record<string, string>> = {}, status = '200 OK'): string {
  const all = { 'Content-Type': 'text/event-stream', 'Transfer-Encoding': 'chunked', ...fields }
  const lines = Object.entries(all).flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}\r\n`]))
  return `HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`
}

export const chunk = (data: string): string => `${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`
export const END = '0\r\n\r\n'

/** An event of so many bytes or more, that tells itself from others. */
export const event = (n: number, size = 0): string => {
  const start = `data: {"n":${n},"text":"`
  return `${start}${'x'.repeat(Math.max(0, size - start.length - 4))}"}\n\n`
}
export const token = (content: string): string =>
  `data: ${JSON.stringify({ choices: [{ delta: { content }, index: 0 }] })}\n\n`

/** So many lines, made of their numbers. */
export function times(count: number, line: (n: number) => Line): readonly Line[] {
  return Array.from({ length: count }, (_, n) => line(n))
}

export function entriesOf(lines: readonly Line[], connection = 1): RecordedRead[] {
  return lines.map(([at, direction, what]) => {
    if (typeof what === 'object' && 'wait' in what) {
      return { kind: 'wait', at, connection, direction, milliseconds: what.wait }
    }
    if (what === 'FIN') return { kind: 'fin', at, connection, direction }
    if (what === 'RST') return { kind: 'reset', at, connection, direction }
    if (typeof what === 'string' && what.startsWith('TCP_')) return { kind: 'error', at, connection, code: what }
    return { kind: 'bytes', at, connection, direction, bytes: Buffer.from(what) }
  })
}

export async function exchangesOf(entries: readonly RecordedRead[]): Promise<readonly Exchange[]> {
  const timeline = createTimeline()
  const explainer = createExplainer(timeline.take, { withBytes: true })
  for (const entry of entries) explainer.take(entry)
  await explainer.settled()
  return timeline.exchanges
}

/** The one exchange that they make. */
export async function exchangeOf(lines: readonly Line[]): Promise<Exchange> {
  const [exchange, another] = await exchangesOf(entriesOf(lines))
  if (!exchange || another) throw new Error('not one exchange')
  return exchange
}
