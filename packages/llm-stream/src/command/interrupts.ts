/** The exit code of who was ended by Ctrl-C, as shells have it: 128 + SIGINT. */
export const INTERRUPTED: number = 130

/**
 * Calls `stop` at the first of these signals. At the second the process ends at once: somebody has no patience left.
 * The function it returns takes all of that back.
 */
export function onSignals(signals: readonly NodeJS.Signals[], stop: () => void): () => void {
  let stopping = false
  const interrupt = (): void => {
    if (stopping) process.exit(INTERRUPTED)
    stopping = true
    stop()
  }
  for (const signal of signals) process.on(signal, interrupt)
  return () => {
    for (const signal of signals) process.off(signal, interrupt)
  }
}

/** Ends the process when nobody takes its output any more: quietly behind `| head`, and else with `sentence` and code 1. */
export function endWithOutput(sentence: string): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    process.stderr.write(`${sentence}: ${error.message}\n`, () => process.exit(1))
  })
}
