#!/usr/bin/env node
import { run } from './cli/run.ts'
import { endWithOutput, onSignals } from './command/index.ts'

endWithOutput('The answer cannot be written')

process.exitCode = await run(process.argv.slice(2), process.env, {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  onInterrupt: (stop) => onSignals(['SIGINT'], stop),
})
