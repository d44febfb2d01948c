import type { Recording } from '@sse-from-scratch/llm-stream/recording'
import type { Listener } from '@sse-from-scratch/tcp-echo'
import { replayRequests, serveRecording } from '../recording/index.ts'
import { CommandError, isTheirs } from './command-error.ts'
import { numberIn, oneOf, onlyOne, parseFlags, UsageError, wholeNumberIn } from './options.ts'
import { recordingAt } from './recording-at.ts'
import { targetIn } from './target-word.ts'
import { aborted, type Command, EXIT } from './terminal.ts'

const FLAGS = {
  as: { type: 'string' },
  port: { type: 'string' },
  speed: { type: 'string' },
} as const

const PORT = 9000

/** Plays a recording: as its server, until somebody ends it, or once as its client. */
export async function replay(command: Command): Promise<number> {
  const { values, positionals } = parseFlags(command.argv, FLAGS)
  const side = oneOf(values.as, ['server', 'client'], '--as') ?? 'server'
  const speed = numberIn(values.speed, '--speed', 0, 1000) ?? 1
  const port = wholeNumberIn(values.port, '--port', 0, 65_535)
  const [path = '', ...more] = positionals
  if (path === '') throw new UsageError('file is missing')
  try {
    if (side === 'client') return await ask(command, path, targetIn(onlyOne(more, 'target')), speed)
    if (more.length > 0) throw new UsageError(`one file only: what is ${JSON.stringify(more[0])}?`)
    return await answer(command, path, port ?? PORT, speed)
  } catch (error) {
    if (command.signal.aborted) return EXIT.done
    throw isTheirs(error) ? new CommandError((error as Error).message) : error
  }
}

async function answer({ terminal, signal }: Command, path: string, port: number, speed: number): Promise<number> {
  const recording = await recordingAt(path, terminal)
  const server: Listener = await serveRecording(recording, { port, speed })
  try {
    terminal.stderr.write(`http://127.0.0.1:${server.address.port} answers as ${about(recording)}, until Ctrl-C.\n`)
    await aborted(signal)
  } finally {
    await server[Symbol.asyncDispose]()
  }
  return EXIT.done
}

async function ask({ terminal, signal }: Command, path: string, target: URL, speed: number): Promise<number> {
  const recording = await recordingAt(path, terminal)
  await replayRequests(recording, target.origin, { speed, signal })
  terminal.stderr.write(`${target.origin} was asked what ${recording.head.target || 'somebody'} was asked then.\n`)
  return EXIT.done
}

function about({ head }: Recording): string {
  return `${head.target || 'somebody'} did${head.startedAt === '' ? '' : ` on ${head.startedAt.slice(0, 10)}`}`
}
