import { fork } from 'node:child_process'
import { columnsOf } from '../live/view.ts'
import { CommandError } from './command-error.ts'
import type { DecoderReport, DecoderWork } from './decoder-process.ts'
import { wholeNumberIn } from './options.ts'
import type { Command } from './terminal.ts'

/** Seconds for which a decoder may be busy with one recording, unless told otherwise. */
const PATIENCE = 10

/** @throws UsageError for what is no number of seconds */
export function patienceIn(text: string | undefined): number {
  return wholeNumberIn(text, '--time', 1, 3600) ?? PATIENCE
}

/** Where the process begins: source or built, as this file is. */
const PROCESS = new URL(`./decoder-process.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)

/** Mebibytes for what somebody's decoder makes. */
const MEMORY = '--max-old-space-size=512'

/**
 * Says whether somebody's decoder agrees with ours about recordings, and where it does not. Rejects with a CommandError for one
 * that cannot be loaded, does not come back, or ends the program.
 */
export async function compared(
  path: string,
  recordings: DecoderWork['recordings'],
  { terminal: { stdout }, signal }: Command,
  seconds: number,
): Promise<boolean> {
  const work: DecoderWork = { path, recordings, columns: Math.max(40, columnsOf(stdout) - 2) }
  const child = fork(PROCESS, { execArgv: [...process.execArgv, MEMORY], serialization: 'advanced' })
  let doing = 'is loaded'
  let agrees = true
  let late: NodeJS.Timeout | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string): void => reject(new CommandError(`--decoder ${path} ${why}`))
      const giveUp = (): void =>
        fail(`does not come back while it ${doing}: nothing came of it for ${seconds} s. A loop?`)
      signal.addEventListener('abort', () => fail('was stopped'), { once: true })
      child.once('error', ({ message }) => fail(`cannot be run: ${message}`))
      child.once('exit', (code, killed) =>
        fail(`ended the program while it ${doing}, with ${killed ?? `code ${code}`}`),
      )
      child.on('message', (report: DecoderReport) => {
        clearTimeout(late)
        late = setTimeout(giveUp, seconds * 1000)
        if (report.kind === 'busy') doing = report.what
        if (report.kind === 'failed') reject(new CommandError(report.message))
        if (report.kind === 'done') resolve()
        if (report.kind !== 'lines') return
        agrees &&= report.agrees
        stdout.write(`${report.lines.join('\n')}\n`)
      })
      child.send(work)
    })
  } finally {
    clearTimeout(late)
    child.kill('SIGKILL')
  }
  return agrees
}
