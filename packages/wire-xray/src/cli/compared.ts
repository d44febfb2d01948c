import { columnsOf } from '../live/view.ts'
import { compareDecoder } from '../quiz/compare-decoder.ts'
import type { Recording } from '../recording/index.ts'
import { exchangesOf } from '../timeline/index.ts'
import { decoderModule } from './decoder-module.ts'
import type { Terminal } from './terminal.ts'

/** Says whether somebody's decoder agrees with ours about a recording, and where it does not. */
export async function compared(
  path: string,
  recording: Recording,
  name: string,
  { stdout }: Terminal,
): Promise<boolean> {
  const module = await decoderModule(path)
  const exchanges = await exchangesOf(recording, { withBytes: true })
  let agrees = true
  let looked = 0
  for (const exchange of exchanges) {
    const comparison = compareDecoder(module, exchange, Math.max(40, columnsOf(stdout) - 2))
    if (!comparison) continue
    looked++
    agrees &&= comparison.agrees
    stdout.write(
      `${comparison.agrees ? '✓' : '✗'} ${name} #${exchange.number}: your decoder ${comparison.agrees ? 'says what ours says' : 'and ours disagree'}\n`,
    )
    for (const line of comparison.lines) stdout.write(`  ${line}\n`)
  }
  if (looked === 0) stdout.write(`· ${name}: no answer in it is one for this decoder\n`)
  return agrees
}
