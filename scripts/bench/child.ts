import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Contender } from './race.ts'

interface Request {
  readonly seconds: number
}
type Answer = { readonly ready: unknown } | { readonly rate: number } | { readonly error: string }

/**
 * A contender that lives in a process of its own, so that neither its garbage nor what V8 has learned from it touches
 * the others. `module` is a built file that calls {@link answerRounds}; it finds `args` in its `process.argv`.
 */
export function childContender(name: string, module: URL, args: readonly string[]): Contender {
  let child: ChildProcess | undefined
  return {
    name,
    async start() {
      child = (await startChild(module, args)).child
    },
    async measure(seconds) {
      if (!child) throw new TypeError(`${name} has not been started`)
      child.send({ seconds } satisfies Request)
      const answer = await answerOf(child, name)
      if ('rate' in answer) return answer.rate
      throw new Error(`${name}: no rate`)
    },
    async stop() {
      if (child) await stopChild(child)
    },
  }
}

/** Starts a process that says when it is ready, such as a server that tells its port; see {@link sayReady}. */
export async function startChild(
  module: URL,
  args: readonly string[],
): Promise<{ readonly child: ChildProcess; readonly ready: unknown }> {
  const child = fork(module, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const answer = await answerOf(child, args.join(' '))
  if (!('ready' in answer)) throw new Error(`${module}: not ready`)
  return { child, ready: answer.ready }
}

export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** In the child: measures each time that it is asked to. */
export function answerRounds(measure: (seconds: number) => Promise<number> | number): void {
  process.on('message', async ({ seconds }: Request) => {
    try {
      answer({ rate: await measure(seconds) })
    } catch (error) {
      answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
  sayReady()
}

/** In the child: tells who started it that it is ready, with what they need to know. It ends when they do. */
export function sayReady(what: unknown = true): void {
  process.once('disconnect', () => process.exit())
  answer({ ready: what })
}

function answer(what: Answer): void {
  process.send?.(what)
}

async function answerOf(child: ChildProcess, name: string): Promise<Answer> {
  const over = new AbortController()
  try {
    const answered = once(child, 'message', { signal: over.signal })
    const gone = once(child, 'exit', { signal: over.signal }).then(([code, signal]): never => {
      throw new Error(`${name} has exited with ${code ?? signal}`)
    })
    const [message] = await Promise.race([answered, gone])
    if ('error' in message) throw new Error(`${name}: ${message.error}`)
    return message
  } finally {
    over.abort()
  }
}
