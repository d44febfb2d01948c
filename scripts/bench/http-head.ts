import { createRequestDecoder } from '@sse-from-scratch/http-raw'
import { perCpuSecond } from './cpu-rate.ts'
import { createRequestParser } from './http-parser.ts'
import { BROWSER_HEAD, TINY_HEAD } from './http-requests.ts'
import type { Contender, Race } from './race.ts'

const HEADS = 1000 // between two looks at the clock

/** The head of a request in memory, from bytes to the strings of all its fields. */
export function headRaces(): Race[] {
  return [headRace('head parse, browser', BROWSER_HEAD, 1), headRace('head parse, tiny', TINY_HEAD)]
}

function headRace(title: string, head: string, goal?: number): Race {
  const bytes = Buffer.from(head)
  const parser = createRequestParser((fields) => read(fields))
  return {
    title: `${title}, ${bytes.length} B`,
    unit: 'heads/s',
    ours: repeated('http-raw', () =>
      createRequestDecoder().push(bytes, (event) => {
        if (event.kind === 'head') for (const line of event.head.fields) read(line)
      }),
    ),
    rivals: [{ ...repeated("node's HTTPParser", () => parser.execute(bytes)), ...(goal !== undefined && { goal }) }],
    limit: repeated('to text alone', () => read([bytes.toString('latin1')])),
  }
}

function repeated(name: string, once: () => void): Contender {
  return {
    name,
    measure: (seconds) =>
      perCpuSecond(seconds, () => {
        for (let n = 0; n < HEADS; n++) once()
        return HEADS
      }),
  }
}

let kept: readonly string[] = []

/** Strings that nobody keeps need not be made, and V8 knows. */
function read(strings: readonly string[]): void {
  kept = strings
  if (kept.length === 0) throw new Error('nothing was read')
}
