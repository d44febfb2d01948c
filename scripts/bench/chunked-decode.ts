import { createChunkedDecoder } from '@sse-from-scratch/chunked'
import { perCpuSecond } from './cpu-rate.ts'
import { createHttpParser } from './http-parser.ts'
import type { Contender, Race } from './race.ts'

/** As many bytes as libuv reads at once. */
const READ = 64 * 1024
const BODY = 4 * 1024 * 1024

/** Bytes in memory to pieces of body, read by read: no socket, no promise. */
export function decodeRaces(): Race[] {
  return [decodeRace(100, '100 B', 12), decodeRace(16 * 1024, '16 KiB', 10)]
}

function decodeRace(chunkSize: number, shown: string, goal: number): Race {
  const reads = inReads(chunkedBody(chunkSize, BODY))
  const bytes = reads.reduce((sum, read) => sum + read.length, 0)
  return {
    title: `decode in memory, ${shown} chunks`,
    unit: 'B/s',
    ours: repeated('chunked', bytes, () => decodeOnce(reads)),
    rivals: [{ ...repeated("node's HTTPParser", bytes, () => parseOnce(reads)), goal }],
    limit: repeated('views of that size alone', bytes, () => viewsOnce(reads, chunkSize)),
  }
}

function repeated(name: string, bytes: number, once: () => number): Contender {
  const expected = once()
  return {
    name,
    measure: (seconds) =>
      perCpuSecond(seconds, () => {
        if (once() !== expected) throw new Error(`${name} did not decode the whole body`)
        return bytes
      }),
  }
}

function decodeOnce(reads: readonly Uint8Array[]): number {
  const decoder = createChunkedDecoder()
  let size = 0
  for (const read of reads)
    decoder.push(read, (event) => {
      if (event.kind === 'data') size += keep(event.data)
    })
  if (decoder.state !== 'done') throw new Error('the body is not over')
  return size
}

function parseOnce(reads: readonly Uint8Array[]): number {
  let size = 0
  const parser = createHttpParser((data) => {
    size += keep(data)
  })
  for (const read of reads) parser.execute(read)
  parser.close()
  return size
}

/** No framing at all: what it costs to hand on views of the same sizes. */
function viewsOnce(reads: readonly Uint8Array[], chunkSize: number): number {
  let size = 0
  for (const { buffer, byteOffset, length } of reads)
    for (let at = 0; at < length; at += chunkSize)
      size += keep(new Uint8Array(buffer, byteOffset + at, Math.min(chunkSize, length - at)))
  return size
}

let kept: Uint8Array | undefined

/** A view that nobody keeps need not be made, and V8 knows. */
function keep(data: Uint8Array): number {
  kept = data
  return kept.length
}

/** Pieces of `chunkSize` bytes until there are `size`, in the chunked coding. */
export function chunkedBody(chunkSize: number, size: number): Uint8Array {
  const chunk = Buffer.from(`${chunkSize.toString(16)}\r\n${'x'.repeat(chunkSize)}\r\n`)
  const chunks = Array.from({ length: Math.ceil(size / chunkSize) }, () => chunk)
  return Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')])
}

function inReads(bytes: Uint8Array): Uint8Array[] {
  const reads: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += READ) reads.push(bytes.subarray(at, at + READ))
  return reads
}
