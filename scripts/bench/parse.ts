import { runBench } from './bench.ts'
import { childContender } from './child.ts'
import type { Contender, Opponent, Race } from './race.ts'

/** Of Node 20 and of Node 24, whose TextDecoder is several times as fast. */
type Goals = readonly [node20: number, node24: number]

/** Rows and rivals that were never the fastest are for `--full`: the short form takes a minute as it is. */
const IS_FULL = process.argv.includes('--full')
const IS_SHORT = !IS_FULL && !process.argv.some((argument) => argument.startsWith('--only'))

const IS_NODE_20 = process.versions.node.startsWith('20.')

/** Each in a process of its own, as in a program: people have one parser, and V8 learns from that one alone. */
function contender(name: string, parser: string, reads: string): Contender {
  return childContender(name, new URL('parse-child.js', import.meta.url), [reads, parser])
}

/** `bound` is what a decoder cannot beat, where it is close to the goal. */
function parseRace(title: string, goals?: Goals, bound?: string): Race {
  const goal = goals && { goal: goals[IS_NODE_20 ? 0 : 1] }
  const other = (name: string): Contender => contender(name, name, title)
  const rival = (name: string): Opponent => ({ ...other(name), ...goal })
  return {
    title,
    unit: 'B/s',
    ours: other('sse-client'),
    rivals: [
      ...['eventsource-parser 4', 'eventsource-parser 3'].map(rival),
      ...(IS_FULL ? ['e.-parser 4, StringDecoder', 'e.-parser 3, StringDecoder'].map(other) : []),
      ...(IS_FULL ? ['undici', 'openai', '@anthropic-ai/sdk'].map(rival) : []),
    ],
    ...(bound !== undefined && { limit: other(bound) }),
  }
}

function objectsRace(): Race {
  const plain = 'chunks, 64 KiB'
  const other = (parser: string): Contender => contender(parser, parser, plain)
  return {
    title: 'bytes to parsed objects, 64 KiB',
    unit: 'B/s',
    ours: other('readEvents'),
    rivals: [
      { ...contender('openai', 'objects of openai', plain), goal: 4 },
      {
        ...contender('@anthropic-ai/sdk', 'objects of @anthropic-ai/sdk', 'chunks with a type, 64 KiB'),
        goal: 1.8,
      },
      { ...other('web streams, e.-parser 4'), goal: 2.5 },
      other('the same, by a generator'),
    ],
    limit: other('JSON.parse and an await'),
  }
}

function limitsRace(): Race {
  const other = (parser: string): Contender => contender(parser, parser, 'chunks, 64 KiB')
  return {
    title: 'limits: chunks, 64 KiB',
    unit: 'B/s',
    ours: other('sse-client'),
    rivals: ['latin1 alone', 'utf8 alone', 'latin1 and line ends'].map(other),
  }
}

/** As fast per byte, if a line that is twice as long takes twice as long: 2.5 times as long is the most. */
function doublingRace(): Race {
  const title = 'a line of 8 MiB, 1 B'
  return {
    title,
    unit: 'B/s',
    ours: contender('sse-client', 'sse-client', title),
    rivals: [{ ...contender('itself at 4 MiB', 'sse-client', 'a line of 4 MiB, 1 B'), goal: 2 / 2.5 }],
  }
}

const rows = [
  parseRace('chunks, 64 KiB', [3, 1]),
  parseRace('chunks, 2 % not ASCII, 64 KiB', [5, 4]),
  parseRace('chunks, 1400 B', [2, 1]),
  parseRace('chunks, one a read', [2, 1]),
  parseRace('pairs, 64 KiB', [2, 1]),
  parseRace('ticks, 64 KiB', [2, 1.8], 'two slices and the objects'),
  parseRace('64 lines, 64 KiB', [1.5, 1.4]),
  parseRace('4 MiB lines, 64 KiB', [3, 2], 'two copies'),
  parseRace('chunks, 1 B', [6, 5]),
  objectsRace(),
]

const moreRows = [
  parseRace('pairs, 1400 B', [1.5, 1]),
  parseRace('ticks, 1400 B', [2, 1.8]),
  parseRace('64 lines, 1400 B', [1.5, 1.4]),
  parseRace('chunks, 30 % not ASCII, 64 KiB'),
  parseRace('chunks, CRLF, 64 KiB'),
  parseRace('ticks, one a read'),
  parseRace('chunks, 1 B, out of 64 KiB'),
  doublingRace(),
  limitsRace(),
]

await runBench({
  name: 'parse',
  description: `Event streams to events, in memory: ours, other parsers, and the decoders inside two SDKs.
Decoding the text counts. Each has a process of its own.

Rates are per second of CPU time. Goals are against the fastest in a row, and stand behind each.`,
  races: IS_SHORT ? rows : [...rows, ...moreRows],
})
