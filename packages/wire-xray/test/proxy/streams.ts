import { readdirSync, readFileSync } from 'node:fs'
import { BODIES, NOT_BODIES } from '../../../chunked/test/cases.ts'
import { CONNECTION_CASES } from '../../../sse-client/test/connection-cases.ts'
import { SENTENCES } from '../../../sse-client/test/decoder-cases/index.ts'
import { READING_CASES } from '../../../sse-client/test/reading-cases.ts'
import { readSpecimens, type Specimen, specimenFiles } from '../specimens/specimen.ts'

/** Bytes that went one way over a connection, healthy or broken. */
export interface Stream {
  readonly name: string
  readonly direction: 'up' | 'down'
  readonly bytes: Uint8Array
}

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n'
const latin1 = (text: string) => Buffer.from(text, 'latin1')
const closeDelimited = (body: Uint8Array) => Buffer.concat([latin1(`${HEAD}\r\n`), body])
const chunked = (body: Uint8Array) => Buffer.concat([latin1(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`), body])

function streamOf({ file, title, subject, bytes }: Specimen): Stream {
  const name = `${file}: ${title}`
  if (subject === 'Request') return { name, direction: 'up', bytes }
  if (subject === 'Chunked body') return { name, direction: 'down', bytes: chunked(bytes) }
  return { name, direction: 'down', bytes: subject === 'Event stream' ? closeDelimited(bytes) : bytes }
}

/** Every specimen of every package, and the bodies that everybody or nobody may take for chunked. */
export const small: readonly Stream[] = [
  ...specimenFiles().flatMap(readSpecimens).map(streamOf),
  ...[...BODIES, ...NOT_BODIES].map(
    ([why, wire]): Stream => ({ name: `chunked: ${why}`, direction: 'down', bytes: chunked(latin1(wire)) }),
  ),
]

const transcripts = new URL('../../../llm-stream/test/transcripts/', import.meta.url)

/** What the simulator of llm-stream answers, heads and all. */
const golden = new URL('../../../llm-stream/test/simulator-golden/', import.meta.url)

/** Every answer of a model that llm-stream is tested with, as far as it would come in one stream. */
export const answers: readonly Stream[] = [...transcribed(), ...simulated()]

function simulated(): readonly Stream[] {
  return readdirSync(golden).map((file) => ({
    name: file,
    direction: 'down',
    bytes: readFileSync(new URL(file, golden)),
  }))
}

function transcribed(): readonly Stream[] {
  return readdirSync(transcripts, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.txt'))
    .map((file): Stream => {
      const bytes = readFileSync(new URL(file, transcripts))
      return { name: file, direction: 'down', bytes: closeDelimited(bytes.subarray(bytes.indexOf(10) + 1)) }
    })
}

/** Every stream that decides a sentence of the HTML standard, in chunks and without, and all that an EventSource is answered. */
export const eventStreams: readonly Stream[] = [
  ...SENTENCES.flatMap(({ cases }) => cases).flatMap(({ why, stream }): Stream[] => [
    { name: `to the end of the connection: ${why}`, direction: 'down', bytes: closeDelimited(stream) },
    { name: `in a chunk: ${why}`, direction: 'down', bytes: chunked(inChunk(stream)) },
  ]),
  ...[...CONNECTION_CASES, ...READING_CASES].flatMap(({ name, replies }) =>
    replies.map(({ writes }): Stream => ({ name, direction: 'down', bytes: latin1(writes.join('')) })),
  ),
]

function inChunk(data: Uint8Array): Uint8Array {
  const last = latin1('0\r\n\r\n')
  return data.length === 0
    ? last
    : Buffer.concat([latin1(`${data.length.toString(16)}\r\n`), data, latin1('\r\n'), last])
}
