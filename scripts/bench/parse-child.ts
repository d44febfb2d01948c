// One parser and what it reads, in a process of its own: bytes decoded per second of CPU time.
import { answerRounds } from './child.ts'
import { perCpuSecond } from './cpu-rate.ts'
import { READS } from './parse-reads.ts'
import type { Parse } from './parse-rivals.ts'

const [title = '', name = ''] = process.argv.slice(2)
const reads = READS[title]?.() ?? []
if (reads.length === 0) throw new RangeError(`nothing to read for ${title}`)
const bytes = reads.reduce((sum, read) => sum + read.length, 0)
const parse = await parserOf(name)

/** Text that nobody reads need not be made: engines put joining off. So one character of each event is read. */
const seen = { sum: 0 }
const take = (data: string): void => {
  seen.sum += data.charCodeAt(data.length >> 1)
}

answerRounds((seconds) =>
  perCpuSecond(seconds, async () => {
    await parse(reads, take)
    return bytes
  }),
)

/** Loads no SDK where none is asked for. */
async function parserOf(parser: string): Promise<Parse> {
  const { RIVALS } = await import('./parse-rivals.ts')
  const { BOUNDS } = await import('./parse-bounds.ts')
  const found = RIVALS[parser] ?? BOUNDS[parser]?.(reads) ?? (await import('./parse-sdks.ts')).SDKS[parser]
  if (!found) throw new RangeError(`no parser ${parser}`)
  return found
}
