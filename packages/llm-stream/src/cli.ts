#!/usr/bin/env node
import { run } from './cli/run.ts'

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit() // `| head` has seen enough
  process.stderr.write(`The answer cannot be written: ${error.message}\n`, () => process.exit(1))
})

process.exitCode = await run(process.argv.slice(2), process.env, {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  onInterrupt(stop) {
    process.on('SIGINT', stop)
    return () => process.off('SIGINT', stop)
  },
})
