import { runBench } from './bench.ts'
import { perCpuSecond } from './cpu-rate.ts'
import { anthropicPairs, inEvents, inReadsOf, longLines, manyLines, openAiChunks, shortTicks } from './parse-corpora.ts'
import * as parsers from './parse-rivals.ts'
import type { Contender, Opponent, Race } from './race.ts'

/** Of Node 20 and of Node 24, whose TextDecoder is several times as fast. */
type Goals = readonly [node20: number, node24: number]
type Feed = (bytes: Uint8Array) => Uint8Array[]

/** Rows and rivals that were never the fastest are for `--full`: the short form takes a minute as it is. */
const IS_FULL = process.argv.includes('--full')
const IS_SHORT = !IS_FULL && !process.argv.some((argument) => argument.startsWith('--only'))

const IS_NODE_20 = process.versions.node.startsWith('20.')

const at64KiB: Feed = (bytes) => inReadsOf(64 * 1024, bytes)
const at1400: Feed = (bytes) => inReadsOf(1400, bytes)
/** A byte that has just been read is in the processor's cache. A read object takes 200 B, and no more of them fit there. */
const byteByByte: Feed = (bytes) => inReadsOf(1, bytes.subarray(0, 4 * 1024))
const byteByByteFromMemory: Feed = (bytes) => inReadsOf(1, bytes.subarray(0, 64 * 1024))

const twoPercent = () => openAiChunks(0.02)
const thirtyPercent = () => openAiChunks(0.3)
const crlf = () => openAiChunks(0, '\r\n')

interface Bounds {
  readonly goals?: Goals
  /** What a decoder cannot beat, where it is close to the goal. */
  readonly limit?: readonly [name: string, prepare: (reads: readonly Uint8Array[]) => parsers.Parse]
}

function parseRace(title: string, corpus: () => Uint8Array, feed: Feed, { goals, limit }: Bounds = {}): Race {
  const goal = goals && { goal: goals[IS_NODE_20 ? 0 : 1] }
  const reads = once(() => feed(corpus()))
  const rival = (name: string, parse: parsers.Parse) => ({ ...contender(name, parse, reads), ...goal })
  return {
    title,
    unit: 'B/s',
    ours: contender('sse-client', parsers.ours, reads),
    rivals: [
      rival('eventsource-parser 4', parsers.eventSourceParser4),
      rival('eventsource-parser 3', parsers.eventSourceParser3),
      ...(IS_FULL
        ? [
            contender('e.-parser 4, StringDecoder', parsers.eventSourceParser4InNode, reads),
            contender('e.-parser 3, StringDecoder', parsers.eventSourceParser3InNode, reads),
            rival('undici', parsers.undici),
            rival('openai', parsers.openAi),
            rival('@anthropic-ai/sdk', parsers.anthropic),
          ]
        : []),
    ],
    ...(limit && { limit: contender(limit[0], onceReady(limit[1]), reads) }),
  }
}

/** Text that nobody reads need not be made: engines put joining off. So one character of each event is read. */
const seen = { sum: 0 }

function contender(name: string, parse: parsers.Parse, reads: () => readonly Uint8Array[]): Contender {
  return {
    name,
    async measure(seconds) {
      const all = reads()
      const bytes = all.reduce((sum, read) => sum + read.length, 0)
      return await perCpuSecond(seconds, async () => {
        await parse(all, (data) => {
          seen.sum += data.charCodeAt(data.length >> 1)
        })
        return bytes
      })
    },
  }
}

/** Everything as text, and no event found in it: what is left of a decoder when it does nothing. */
const latin1Only: parsers.Parse = (reads, take) => {
  for (const read of reads) take(textOf(read, 'latin1'))
}

function textOf({ buffer, byteOffset, length }: Uint8Array, encoding: 'latin1' | 'utf8'): string {
  return Buffer.from(buffer, byteOffset, length).toString(encoding)
}

const utf8Only: parsers.Parse = (reads, take) => {
  for (const read of reads) take(textOf(read, 'utf8'))
}

const lineEndsOnly: parsers.Parse = (reads, take) => {
  for (const read of reads) {
    const text = textOf(read, 'latin1')
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) seen.sum += at
    take(text)
  }
}

function jsonRace(): Race {
  const plain = once(() => at64KiB(openAiChunks()))
  const typed = once(() => at64KiB(withType(openAiChunks())))
  const rival = (name: string, parse: parsers.Parse, goal: number, reads = plain): Opponent => ({
    ...contender(name, parse, reads),
    goal,
  })
  return {
    title: 'bytes to parsed objects, 64 KiB',
    unit: 'B/s',
    ours: contender('readEvents', parsers.oursJson, plain),
    rivals: [
      rival('openai', parsers.openAiJson, 4),
      rival('@anthropic-ai/sdk', parsers.anthropicJson, 1.8, typed),
      rival('web streams, e.-parser 4', parsers.webStreamsJson, 2.5),
      contender('the same, by a generator', parsers.generatedJson, plain),
    ],
    limit: contender('JSON.parse alone', onceReady(parsers.jsonAlone), plain),
  }
}

/** Prepares for the reads that it is first called with. */
function onceReady(prepare: (reads: readonly Uint8Array[]) => parsers.Parse): parsers.Parse {
  let parse: parsers.Parse | undefined
  return (reads, take) => {
    parse ??= prepare(reads)
    return parse(reads, take)
  }
}

function withType(bytes: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(bytes).toString().replaceAll('data: ', 'event: completion\ndata: '))
}

function limitsRace(): Race {
  const reads = once(() => at64KiB(openAiChunks()))
  return {
    title: 'limits: chunks, 64 KiB',
    unit: 'B/s',
    ours: contender('sse-client', parsers.ours, reads),
    rivals: [
      contender('latin1 alone', latin1Only, reads),
      contender('utf8 alone', utf8Only, reads),
      contender('latin1 and line ends', lineEndsOnly, reads),
    ],
  }
}

/** As fast per byte, if a line that is twice as long takes twice as long: 2.5 times as long is the most. */
function doublingRace(): Race {
  const line = (mebibytes: number) =>
    once(() => [Buffer.from('data:'), ...new Array(mebibytes * 2 ** 20).fill(Uint8Array.of(0x78)), Buffer.from('\n\n')])
  return {
    title: 'a line of 8 MiB, 1 B',
    unit: 'B/s',
    ours: contender('sse-client', parsers.ours, line(8)),
    rivals: [{ ...contender('itself at 4 MiB', parsers.ours, line(4)), goal: 2 / 2.5 }],
  }
}

/** The corpora are made when their race begins: what lies around would be marked at each collection of garbage. */
function once(make: () => readonly Uint8Array[]): () => readonly Uint8Array[] {
  let made: WeakRef<readonly Uint8Array[]> | undefined
  return () => {
    const reads = made?.deref() ?? make()
    made = new WeakRef(reads)
    return reads
  }
}

const rows = [
  parseRace('chunks, 64 KiB', openAiChunks, at64KiB, { goals: [3, 1] }),
  parseRace('chunks, 2 % not ASCII, 64 KiB', twoPercent, at64KiB, { goals: [5, 4] }),
  parseRace('chunks, 1400 B', openAiChunks, at1400, { goals: [2, 1] }),
  parseRace('chunks, one a read', openAiChunks, inEvents, { goals: [2, 1] }),
  parseRace('pairs, 64 KiB', anthropicPairs, at64KiB, { goals: [2, 1] }),
  parseRace('ticks, 64 KiB', shortTicks, at64KiB, {
    goals: [2, 1.8],
    limit: ['two slices and the objects', parsers.ticksAlone],
  }),
  parseRace('64 lines, 64 KiB', manyLines, at64KiB, { goals: [1.5, 1.4] }),
  parseRace('4 MiB lines, 64 KiB', longLines, at64KiB, {
    goals: [3, 2],
    limit: ['two copies', () => parsers.copiesAlone(4 * 1024 * 1024)],
  }),
  parseRace('chunks, 1 B', openAiChunks, byteByByte, { goals: [6, 5] }),
  jsonRace(),
]

const moreRows = [
  parseRace('pairs, 1400 B', anthropicPairs, at1400, { goals: [1.5, 1] }),
  parseRace('ticks, 1400 B', shortTicks, at1400, { goals: [2, 1.8] }),
  parseRace('64 lines, 1400 B', manyLines, at1400, { goals: [1.5, 1.4] }),
  parseRace('chunks, 30 % not ASCII, 64 KiB', thirtyPercent, at64KiB),
  parseRace('chunks, CRLF, 64 KiB', crlf, at64KiB),
  parseRace('ticks, one a read', shortTicks, inEvents),
  parseRace('chunks, 1 B, out of 64 KiB', openAiChunks, byteByByteFromMemory),
  doublingRace(),
  limitsRace(),
]

await runBench({
  name: 'parse',
  description: `Event streams to events, in memory: ours, other parsers, and the decoders inside two SDKs.
Decoding the text counts.

Rates are per second of CPU time. Goals are against the fastest in a row, and stand behind each.`,
  races: IS_SHORT ? rows : [...rows, ...moreRows],
})
