#!/usr/bin/env node
import { EXIT } from './cli/conclude.ts'
import { run } from './cli/run.ts'

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit() // `| head` has seen enough
  process.stderr.write(`The answer cannot be written: ${error.message}\n`, () => process.exit(EXIT.failed))
})

process.exitCode = await run(process.argv.slice(2), process.env, {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  onInterrupt(stop) {
    let stopping = false
    const interrupt = () => {
      if (stopping) process.exit(EXIT.interrupted) // somebody has no patience left
      stopping = true
      stop()
    }
    process.on('SIGINT', interrupt)
    return () => process.off('SIGINT', interrupt)
  },
})
