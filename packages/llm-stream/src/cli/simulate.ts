import { TcpError } from '@sse-from-scratch/tcp-echo'
import { FAULT_WORDS, type FaultSpec, parseFaults, type Simulator, startSimulator } from '../simulator/index.ts'
import { createSanitizer } from '../terminal/sanitize.ts'
import { EXIT } from './conclude.ts'
import { numberIn, parseFlags, UsageError, wholeNumberIn } from './options.ts'
import type { Command } from './run.ts'

const FLAGS = {
  help: { type: 'boolean', short: 'h' },
  port: { type: 'string' },
  host: { type: 'string' },
  'tokens-per-second': { type: 'string' },
  seed: { type: 'string' },
  fault: { type: 'string' },
} as const

const PORT = 8089

/** Every word that `--fault` knows. */
export const FAULTS_HELP: string = `Faults, with commas between them:
${FAULT_WORDS.map(({ usage, meaning }) => `  ${usage.padEnd(24)} ${meaning}`).join('\n')}
A place is @3 or @event:3 (events count from 1), or @byte:500. A client may ask for faults itself, too: see the README.
`

/** Runs the simulator until Ctrl-C. */
export async function simulate({ argv, terminal, signal }: Command): Promise<number> {
  const { stdout, stderr } = terminal
  const { values, positionals } = parseFlags(argv, FLAGS)
  if (positionals.length > 0) throw new UsageError(`simulate takes no ${JSON.stringify(positionals[0])}`)
  const port = wholeNumberIn(values.port, '--port', 0, 65_535) ?? PORT
  const tokensPerSecond = numberIn(values['tokens-per-second'], '--tokens-per-second', 0, 1e6)
  const seed = wholeNumberIn(values.seed, '--seed', -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  const simulator = await listening({
    port,
    ...(values.host !== undefined && { host: values.host }),
    ...(tokensPerSecond !== undefined && { tokensPerSecond }),
    ...(seed !== undefined && { seed }),
    ...(values.fault !== undefined && { faults: faultsIn(values.fault) }),
    onFinish: ({ path, tokens, complete }) => {
      stderr.write(`${createSanitizer()(path)}: ${tokens} tokens${complete ? '' : ', not to the end'}\n`)
    },
  })
  try {
    stdout.write(welcome(simulator))
    await aborted(signal)
  } finally {
    await simulator.close()
  }
  return EXIT.complete
}

/** @throws UsageError that says what is wrong with it */
function faultsIn(text: string): FaultSpec {
  try {
    return parseFaults(text)
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

function listening(options: Parameters<typeof startSimulator>[0]): Promise<Simulator> {
  return startSimulator(options).catch((error: unknown) => {
    if (!(error instanceof TcpError)) throw error
    throw new UsageError(`cannot listen: ${error.message} (--port 0 takes any port that is free)`)
  })
}

function welcome({ url }: Simulator): string {
  return `The simulator listens at ${url}, until Ctrl-C. Base URLs, with any key:
  OpenAI      ${url}/v1
  Anthropic   ${url}
  Gemini      ${url}
  Ollama      ${url}
`
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
