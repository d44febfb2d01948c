import { readdirSync, readFileSync } from 'node:fs'
import { BODIES, NOT_BODIES } from '../../../chunked/test/cases.ts'
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

/** Every answer of a model that llm-stream is tested with, as far as it would come in one stream. */
export const answers: readonly Stream[] = readdirSync(transcripts, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.txt'))
  .map((file): Stream => {
    const bytes = readFileSync(new URL(file, transcripts))
    return { name: file, direction: 'down', bytes: closeDelimited(bytes.subarray(bytes.indexOf(10) + 1)) }
  })
