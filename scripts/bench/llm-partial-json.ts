import { partialParse } from '@anthropic-ai/sdk/_vendor/partial-json-parser/parser'
import { createPartialJson } from '@sse-from-scratch/llm-stream'
import { parsePartialJson } from 'ai'
import { perCpuSecond } from './cpu-rate.ts'
import type { Contender, Race } from './race.ts'

const FEW = 4000
const MANY = 100_000

/** Arguments of a tool call that come a character at a time, and are looked at after each. */
export function partialJsonRaces(): Race[] {
  return [
    {
      title: `partial JSON, ${MANY} deltas of a character`,
      unit: 'deltas/s',
      ours: ours(MANY),
      rivals: [{ ...ours(FEW), goal: 0.8 }],
    },
    {
      title: `partial JSON, ${FEW} deltas of a character`,
      unit: 'deltas/s',
      ours: ours(FEW),
      rivals: [fromTheStart('@anthropic-ai/sdk', partialParse), fromTheStart('ai', parsePartialJson)],
    },
  ]
}

/** A file that is to be written: mostly one long string, and that is what such arguments are. */
function argumentsOf(size: number): string {
  const [before, behind] = ['{"path":"src/index.ts","overwrite":true,"content":"', '"}']
  const line = 'const answer = 42 // and so on\\n'
  const content = line.repeat(Math.ceil(size / line.length)).slice(0, size - before.length - behind.length)
  return before + content.replace(/\\$/, '.') + behind
}

function ours(size: number): Contender {
  const text = argumentsOf(size)
  return {
    name: `createPartialJson, ${size} deltas`,
    measure: (seconds) =>
      perCpuSecond(seconds, () => {
        const json = createPartialJson()
        for (let at = 0; at < size; at++) json.push(text.charAt(at))
        if (!json.complete) throw new Error('not whole')
        return size
      }),
  }
}

/** What there is so far, parsed anew for every delta. */
function fromTheStart(name: string, parse: (text: string) => unknown): Contender {
  const text = argumentsOf(FEW)
  return {
    name: `${name}, parsing anew`,
    measure: (seconds) =>
      perCpuSecond(seconds, async () => {
        for (let to = 1; to <= FEW; to++) await parse(text.slice(0, to))
        return FEW
      }),
  }
}
