import { run } from './cli/run.ts'

process.stdout.on('error', () => process.exit()) // `| head` has seen enough

process.exitCode = await run(process.argv.slice(2), process.env, {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  onInterrupt(stop) {
    process.on('SIGINT', stop)
    return () => process.off('SIGINT', stop)
  },
})
