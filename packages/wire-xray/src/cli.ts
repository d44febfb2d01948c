#!/usr/bin/env node
import { run } from './cli/run.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit() // `| head` has seen enough
  process.stderr.write(`Nothing can be written: ${error.message}\n`, () => process.exit(1))
})

process.exitCode = await run(process.argv.slice(2), process.env, {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  onInterrupt(stop) {
    let stopping = false
    const interrupt = () => {
      if (stopping) process.exit(130) // somebody has no patience left
      stopping = true
      stop()
    }
    for (const signal of SIGNALS) process.on(signal, interrupt)
    return () => {
      for (const signal of SIGNALS) process.off(signal, interrupt)
    }
  },
  onExit(restore) {
    process.on('exit', restore)
    return () => process.off('exit', restore)
  },
})
