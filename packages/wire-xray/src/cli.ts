#!/usr/bin/env node
import { endWithOutput, onSignals } from '@sse-from-scratch/llm-stream/command'
import { run } from './cli/run.ts'

endWithOutput('Nothing can be written')

process.exitCode = await run(process.argv.slice(2), process.env, {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  onInterrupt: (stop) => onSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], stop),
  onExit(restore) {
    process.on('exit', restore)
    return () => process.off('exit', restore)
  },
})
