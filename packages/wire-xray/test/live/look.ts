import { createExplainer } from '../../src/proxy/explainer.ts'
import type { Item } from '../../src/proxy/item.ts'

const DOWN = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'

const chunk = (data: string) => `${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`
const delta = (content: string) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`

/** One answer, in bursts of events, with the times it had. */
export const ANSWER: readonly (readonly [at: number, direction: 'up' | 'down', text: string])[] = [
  [
    10,
    'up',
    'POST /v1/chat?key=SECRET HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer SECRET\r\nContent-Length: 2\r\n\r\n{}',
  ],
  [218.5, 'down', DOWN + chunk(delta('Once')) + chunk(delta(' upon'))],
  [418.5, 'down', chunk(delta(' 世界')) + chunk(delta(' \u001b[31mred'))],
  [618.5, 'down', chunk(': heartbeat\n\n')],
  [620, 'down', `${chunk('data: [DONE]\n\n')}0\r\n\r\n`],
]

/** The items of a connection that carried these reads. */
export function itemsOf(reads: typeof ANSWER, connection = 1): readonly Item[] {
  const items: Item[] = []
  const explainer = createExplainer((item) => items.push(item), { withBytes: true })
  explainer.take({ kind: 'open', at: 5, connection, address: '127.0.0.1:8089' })
  for (const [at, direction, text] of reads)
    explainer.take({ kind: 'bytes', at, connection, direction, bytes: Buffer.from(text) })
  return items
}
