import { gzipSync } from 'node:zlib'
import { type Outcome, streamChat } from '@sse-from-scratch/llm-stream'
import { rawTransport } from '@sse-from-scratch/sse-client/raw'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { describe, expect, test } from 'vitest'
import { type Transcript, transcripts } from './transcripts.ts'
import { bytes, chat } from './wire.ts'

/** How a body is delimited, with the bytes of the whole response. */
const framings: Readonly<Record<string, (body: Uint8Array) => Uint8Array>> = {
  chunked: (body) => message('Transfer-Encoding: chunked', inChunks(body)),
  'Content-Length': (body) => message(`Content-Length: ${body.length}`, body),
  'the end of the connection': (body) => message('Connection: close', body),
  'gzip in chunks': (body) => message('Content-Encoding: gzip\r\nTransfer-Encoding: chunked', inChunks(gzipSync(body))),
}

function message(framing: string, body: Uint8Array): Uint8Array {
  const type = 'Content-Type: text/event-stream'
  return Buffer.concat([bytes(`HTTP/1.1 200 OK\r\n${type}\r\n${framing}\r\n\r\n`), body])
}

/** Chunks that end anywhere, in the middle of characters and lines. */
function inChunks(body: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  for (let at = 0, size = 1; at < body.length; at += size, size = (size * 7) % 97) {
    const chunk = body.subarray(at, at + size)
    parts.push(bytes(`${chunk.length.toString(16)}\r\n`), chunk, bytes('\r\n'))
  }
  return Buffer.concat([...parts, bytes('0\r\n\r\n')])
}

/** Some ways to read it: whole, in two at a few places that differ from message to message, and byte by byte. */
function* someSplits(wire: Uint8Array): Generator<Uint8Array[]> {
  yield [wire]
  for (const share of [0.31, 0.62, 0.93]) {
    const cut = Math.floor(wire.length * share)
    yield [wire.subarray(0, cut), wire.subarray(cut)]
  }
  yield Array.from(wire, (_, at) => wire.subarray(at, at + 1))
}

/** Asks over a connection in memory, whose other end answers with these reads and then closes. */
async function ask({ provider }: Transcript, reads: readonly Uint8Array[]): Promise<Outcome> {
  const [client, server] = memoryPair()
  const answer = async () => {
    await server.read()
    for (const read of reads) await server.write(read)
    await server.end()
  }
  const transport = rawTransport({ dial: async () => client })
  const [outcome] = await Promise.all([
    streamChat(provider, chat, { transport, retry: { attempts: 1 } }).outcome,
    answer().catch(() => {}), // whoever has heard the end mark hangs up
  ])
  return outcome
}

describe.each(Object.entries(framings))('with a body delimited by %s', { timeout: 60_000 }, (_, frame) => {
  test.each(transcripts.map((transcript) => [transcript.name, transcript] as const))('%s', async (_, transcript) => {
    const { expected } = transcript
    for (const reads of someSplits(frame(transcript.body))) {
      const { complete, error, text, reasoning, refusal, toolCalls, usage, rawStopReason } = await ask(
        transcript,
        reads,
      )
      expect({ complete, code: error?.code, text, reasoning, refusal, stop: rawStopReason }).toEqual({
        complete: expected.error === undefined,
        code: expected.error,
        text: expected.text ?? '',
        reasoning: expected.reasoning ?? '',
        refusal: expected.refusal ?? '',
        stop: expected.stop?.[1],
      })
      expect(toolCalls).toMatchObject(expected.calls ?? [])
      if (complete) expect(usage).toEqual(expected.usage)
      expect(error?.retryable ?? false).toBe(expected.retryable === true && text === '')
    }
  })
})
