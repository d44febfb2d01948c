import { anthropicPairs, inEvents, inReadsOf, longLines, manyLines, openAiChunks, shortTicks } from './parse-corpora.ts'

type Reads = Uint8Array[]

const at64KiB = (bytes: Uint8Array): Reads => inReadsOf(64 * 1024, bytes)
const at1400 = (bytes: Uint8Array): Reads => inReadsOf(1400, bytes)

/** What is read, by the title of its row. */
export const READS: Readonly<Record<string, () => Reads>> = {
  'chunks, 64 KiB': () => at64KiB(openAiChunks()),
  'chunks, 2 % not ASCII, 64 KiB': () => at64KiB(openAiChunks(0.02)),
  'chunks, 30 % not ASCII, 64 KiB': () => at64KiB(openAiChunks(0.3)),
  'chunks, CRLF, 64 KiB': () => at64KiB(openAiChunks(0, '\r\n')),
  'chunks with a type, 64 KiB': () => at64KiB(withType(openAiChunks())),
  'chunks, 1400 B': () => at1400(openAiChunks()),
  'chunks, one a read': () => inEvents(openAiChunks()),
  'pairs, 64 KiB': () => at64KiB(anthropicPairs()),
  'pairs, 1400 B': () => at1400(anthropicPairs()),
  'ticks, 64 KiB': () => at64KiB(shortTicks()),
  'ticks, 1400 B': () => at1400(shortTicks()),
  'ticks, one a read': () => inEvents(shortTicks()),
  '64 lines, 64 KiB': () => at64KiB(manyLines()),
  '64 lines, 1400 B': () => at1400(manyLines()),
  '4 MiB lines, 64 KiB': () => at64KiB(longLines()),
  /** A byte that has just been read is in the processor's cache. A read object takes 200 B, and no more of them fit there. */
  'chunks, 1 B': () => inReadsOf(1, openAiChunks().subarray(0, 4 * 1024)),
  'chunks, 1 B, out of 64 KiB': () => inReadsOf(1, openAiChunks().subarray(0, 64 * 1024)),
  'a line of 4 MiB, 1 B': () => longLine(4),
  'a line of 8 MiB, 1 B': () => longLine(8),
}

/** For a decoder that drops events without one. */
function withType(bytes: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(bytes).toString().replaceAll('data: ', 'event: completion\ndata: '))
}

function longLine(mebibytes: number): Reads {
  return [Buffer.from('data:'), ...new Array(mebibytes * 2 ** 20).fill(Uint8Array.of(0x78)), Buffer.from('\n\n')]
}
