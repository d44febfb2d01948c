import { describeEnv } from '@sse-from-scratch/llm-stream'
import { type Simulator, startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { banner, printable } from './banner.ts'
import { listenNearby } from './listen-nearby.ts'
import { HELP, type PlaygroundOptions, parseOptions, UsageError } from './options.ts'
import { startServer } from './server.ts'
import { simulatedTargets, troubleWith, withRealModels } from './targets.ts'

/** Milliseconds open exchanges get to end by themselves after Ctrl-C. */
const GRACE = 2000

// What `npm start` runs: the simulator, the playground, and a few lines that say where they are.
try {
  const options = parseOptions(process.argv.slice(2))
  if (options.help) process.stdout.write(HELP)
  else await start(options)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}

async function start(options: PlaygroundOptions): Promise<void> {
  const simulator = await startSimulator({ tokensPerSecond: options.tokensPerSecond })
  try {
    await startPlayground(options, simulator)
  } catch (error) {
    await simulator[Symbol.asyncDispose]()
    throw error
  }
}

async function startPlayground({ port, host }: PlaygroundOptions, simulator: Simulator): Promise<void> {
  const targets = withRealModels(simulatedTargets(simulator.url), process.env)
  const onError = (error: unknown) => process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  const listener = await listenNearby((candidate) => startServer({ targets, port: candidate, host, onError }), port)
  process.stdout.write(banner(listener.address, targets, useColor()))
  for (const sentence of [...describeEnv(process.env), ...(await troubleWith(targets))])
    process.stderr.write(`  ${printable(sentence)}\n`)

  let closing = false
  const close = async () => {
    if (closing) process.exit(130) // the second Ctrl-C is in a hurry
    closing = true
    process.stdout.write('\nclosing…\n')
    await listener.close(AbortSignal.timeout(GRACE))
    await simulator[Symbol.asyncDispose]()
    process.exit(0)
  }
  process.on('SIGINT', () => void close())
  process.on('SIGTERM', () => void close())
}

function useColor(): boolean {
  return process.stdout.isTTY === true && !process.env['NO_COLOR']
}
