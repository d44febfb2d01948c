import { everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { expect, test } from 'vitest'
import { encode, type Look, look } from './look.ts'

// The decoders get runs of bytes. What they are given one byte at a time is the reading all others are held to.

const chunked = (type: string, ...data: readonly string[]) =>
  encode(
    [
      `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`,
      ...data.map((text) => `${encode(text).length.toString(16)}\r\n${text}\r\n`),
      '0\r\nDone: yes\r\n\r\n',
    ].join(''),
  )

const STREAMS: Readonly<Record<string, Uint8Array>> = {
  'an answer of Chat Completions': chunked(
    'text/event-stream',
    'data: {"choices":[{"index":0,"delta":{"content":"h\\"é',
    ' \\\\"}}]}\n\n: ping\n\ndata: [DONE]\r\n\r\n',
  ),
  'an answer of Anthropic': chunked(
    'text/event-stream',
    'event: content_block_delta\rdata: {"type":"content_block_delta","index":0,\rdata: "delta":{"type":"text_delta",',
    '"text":"Hi"}}\r\rdata: {"type":"message_stop"}\r\r',
  ),
  'an answer of Ollama': chunked(
    'application/x-ndjson',
    '{"model":"m","message":{"content":"H',
    'é"},"done":false}\r\n\n{"model":"m","done":true,"done_reason":"stop"}',
  ),
  'an event stream with everything in it': chunked(
    'text/event-stream',
    '\ufeff: c\nid: 1\nevent: x\nretry: 20\ndata\ndata:  {"delta":',
    '1,"a":[true,null,-1e5,"b"]}x\n\n\r\r\ndata: cut',
  ),
  'a stream that breaks': encode(
    'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n5;a="b"\r\ndata:\r\n0005\r\n a\n\nxx',
  ),
}

/** What does not depend on the cuts. */
const said = ({ spans, findings }: Look) => JSON.stringify({ spans, findings })

test.each(Object.entries(STREAMS))('%s is read the same in whatever reads it comes', (_what, bytes) => {
  const oracle = look('down', ...Array.from(bytes, (byte) => Uint8Array.of(byte)))
  for (const reads of everySplit(bytes)) {
    if (said(look('down', ...reads)) !== said(oracle)) expect(look('down', ...reads)).toEqual(oracle)
  }
  expect(oracle.findings.length).toBeGreaterThan(3)
})
