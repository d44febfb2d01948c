import { createConnection } from 'node:net'
import { request, serve } from '@sse-from-scratch/chunked'
import type { RecordedRead } from '@sse-from-scratch/llm-stream/recording'
import { parseFaults } from '@sse-from-scratch/wire-xray/faults'
import { startProxy } from '@sse-from-scratch/wire-xray/proxy'
import { createTimeline, type Exchange, exchangesOf, type Timeline } from '@sse-from-scratch/wire-xray/timeline'

const text = (string: string): Uint8Array => new TextEncoder().encode(string)

/** The exchanges of one connection on which these were read, a millisecond apart. */
export async function recorded(
  question: string,
  answers: readonly string[],
  { maxItems = 100_000 }: { readonly maxItems?: number } = {},
): Promise<readonly Exchange[]> {
  const entries: RecordedRead[] = [
    { connection: 1, at: 0, kind: 'open', address: '127.0.0.1:80' },
    { connection: 1, at: 1, kind: 'bytes', direction: 'up', bytes: text(question) },
    ...answers.map((answer, n) => ({
      connection: 1,
      at: 2 + n,
      kind: 'bytes' as const,
      direction: 'down' as const,
      bytes: text(answer),
    })),
    { connection: 1, at: 2 + answers.length, kind: 'fin', direction: 'down' },
  ]
  const recording = { head: { startedAt: '', target: '', redacted: [] }, entries, cut: false }
  return exchangesOf(recording, { withBytes: true, maxItems, maxSize: 256 * 1024 * 1024 })
}

export const HEAD: string = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'

export function chunk(content: string): string {
  return `${text(content).length.toString(16)}\r\n${content}\r\n`
}

/** An event with a token in the wire format of Chat Completions. */
export function token(word: string): string {
  return `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: word } }] })}\n\n`
}

/** Reads of an answer with so many tokens, each with a chunk, an event and a read of its own. */
export function tokens(count: number): readonly string[] {
  return [
    HEAD,
    ...Array.from({ length: count }, (_, n) => chunk(token(`w${n} `))),
    chunk('data: [DONE]\n\n'),
    '0\r\n\r\n',
  ]
}

/** The timelines of two taps around a hop that has these faults. */
export async function twoTaps(
  faults: string,
  words: readonly string[],
): Promise<readonly [front: Timeline, back: Timeline]> {
  const server = await serve(async (_request, respond) => {
    const body = await respond(200, { 'Content-Type': 'text/event-stream' })
    for (const word of words) await body.write(text(token(word)))
    await body.end()
  })
  const now = () => performance.now()
  const [front, back] = [createTimeline(), createTimeline()]
  const behind = await startProxy({
    target: `http://127.0.0.1:${server.address.port}`,
    now,
    withBytes: true,
    onItem: back.take,
  })
  const before = await startProxy({
    target: behind.url,
    now,
    withBytes: true,
    faults: parseFaults(faults),
    onItem: front.take,
  })
  const response = await request(before.url, { fields: { Connection: 'close' } })
  await response.body.text()
  await response[Symbol.asyncDispose]()
  for (const proxy of [before, behind]) await proxy.settled()
  for (const listener of [before, behind, server]) await listener[Symbol.asyncDispose]()
  return [front, back]
}

/** What a server answers to a request whose head is written by hand. */
export function rawAnswer(port: number, head: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write(`${head}Connection: close\r\n\r\n`))
    let answer = ''
    socket
      .setEncoding('utf8')
      .on('data', (part) => (answer += part))
      .on('end', () => resolve(answer))
      .on('error', reject)
  })
}
