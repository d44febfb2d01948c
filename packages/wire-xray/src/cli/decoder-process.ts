// A process of its own for somebody's decoder: it may never come back, end the program, or take all the memory.
import { compareDecoder } from '../quiz/compare-decoder.ts'
import type { Recording } from '../recording/index.ts'
import { exchangesOf } from '../timeline/index.ts'
import { CommandError } from './command-error.ts'
import { decoderModule } from './decoder-module.ts'

/** What the process is given. */
export interface DecoderWork {
  readonly path: string
  readonly columns: number
  readonly recordings: readonly { readonly name: string; readonly recording: Recording }[]
}

/** What it says: before each thing that may take long, and what came of it. */
export type DecoderReport =
  | { readonly kind: 'busy'; readonly what: string }
  | { readonly kind: 'lines'; readonly lines: readonly string[]; readonly agrees: boolean }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'done' }

const say = (report: DecoderReport): void => void process.send?.(report)

async function compareAll({ path, columns, recordings }: DecoderWork): Promise<void> {
  say({ kind: 'busy', what: 'is loaded' }) // from here on it is its time that goes by
  const module = await decoderModule(path)
  for (const { name, recording } of recordings) {
    say({ kind: 'busy', what: `reads ${name}` })
    const exchanges = await exchangesOf(recording, { withBytes: true })
    let looked = 0
    for (const exchange of exchanges) {
      const comparison = compareDecoder(module, exchange, columns)
      if (!comparison) continue
      looked++
      const { agrees, lines } = comparison
      const title = `${agrees ? '✓' : '✗'} ${name} #${exchange.number}: your decoder ${agrees ? 'says what ours says' : 'and ours disagree'}`
      say({ kind: 'lines', lines: [title, ...lines.map((line) => `  ${line}`)], agrees })
    }
    const nothing = `· ${name}: no answer in it is one for this decoder`
    if (looked === 0) say({ kind: 'lines', lines: [nothing], agrees: true })
  }
  say({ kind: 'done' })
}

function fail(error: unknown): void {
  const isOurs = error instanceof CommandError
  say({ kind: 'failed', message: isOurs ? error.message : `the decoder throws when nobody calls it: ${String(error)}` })
}

process.on('uncaughtException', fail)
process.once('message', (work) => compareAll(work as DecoderWork).catch(fail))
