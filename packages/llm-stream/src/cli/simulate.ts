import { TcpError } from '@sse-from-scratch/tcp-echo'
import {
  FAULT_WORDS,
  type FaultSpec,
  parseFaults,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../simulator/index.ts'
import { CommandError } from './command-error.ts'
import { EXIT } from './conclude.ts'
import { numberIn, parseFlags, UsageError, wholeNumberIn } from './options.ts'
import { readRecording } from './recording.ts'
import type { Command } from './run.ts'
import { say } from './say.ts'

const FLAGS = {
  help: { type: 'boolean', short: 'h' },
  port: { type: 'string' },
  host: { type: 'string' },
  'tokens-per-second': { type: 'string' },
  seed: { type: 'string' },
  fault: { type: 'string' },
  replay: { type: 'string' },
  speed: { type: 'string' },
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
  const options = { ...paceIn(values), ...(await replayIn(values)) }
  const simulator = await listening({
    ...options,
    port: wholeNumberIn(values.port, '--port', 0, 65_535) ?? PORT,
    ...(values.host !== undefined && { host: values.host }),
    onFinish: ({ path, tokens, complete }) => {
      say(stderr, `${path}: ${tokens} tokens${complete ? '' : ', not to the end'}`)
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

type Values = ReturnType<typeof parseFlags<typeof FLAGS>>['values']

/** What a made up answer is like. @throws UsageError */
function paceIn(values: Values): SimulatorOptions {
  const tokensPerSecond = numberIn(values['tokens-per-second'], '--tokens-per-second', 0, 1e6)
  const seed = wholeNumberIn(values.seed, '--seed', -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  return {
    ...(tokensPerSecond !== undefined && { tokensPerSecond }),
    ...(seed !== undefined && { seed }),
    ...(values.fault !== undefined && { faults: faultsIn(values.fault) }),
  }
}

/** What makes answers up has no say in recorded ones. */
const MADE_UP = ['tokens-per-second', 'seed', 'fault'] as const

/** Rejects with a UsageError for options that contradict each other, and as `readRecording` does. */
async function replayIn(values: Values): Promise<SimulatorOptions> {
  const speed = numberIn(values.speed, '--speed', 0, 1e6)
  if (values.replay === undefined) {
    if (speed !== undefined)
      throw new UsageError('--speed is for --replay; answers that are made up have --tokens-per-second')
    return {}
  }
  const useless = MADE_UP.find((name) => values[name] !== undefined)
  if (useless) throw new UsageError(`--${useless} is for answers that are made up, and --replay has recorded ones`)
  return { replay: await readRecording(values.replay), ...(speed !== undefined && { speed }) }
}

/** @throws UsageError that says what is wrong with it */
function faultsIn(text: string): FaultSpec {
  try {
    return parseFaults(text)
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

function listening(options: SimulatorOptions): Promise<Simulator> {
  return startSimulator(options).catch((error: unknown) => {
    if (error instanceof TypeError) throw new CommandError(error.message) // a recording without an answer
    if (!(error instanceof TcpError)) throw error
    if (error.code !== 'TCP_ADDRESS_IN_USE') throw new CommandError(`cannot listen: ${error.message}`)
    throw new CommandError(`port ${options.port} is taken by another program. --port 0 takes any that is free.`)
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
