import type { Readable } from 'node:stream'
import { LlmError } from '../errors.ts'
import { printAnswer } from './answer.ts'
import { colorful, conclude, INTERRUPTED, type Terminal } from './conclude.ts'
import { converse } from './converse.ts'
import { HELP, parseOptions, UsageError } from './options.ts'
import { findTarget, type Target } from './target.ts'

/** The command `chat`: resolves with its exit code. */
export async function run(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  const { stdin, stdout, stderr } = terminal
  const stopped = new AbortController()
  const release = terminal.onInterrupt(() => stopped.abort())
  let target: Target | undefined
  try {
    const options = parseOptions(argv)
    if (options.help) {
      stdout.write(HELP)
      return 0
    }
    const prompt = options.prompt || (stdin.isTTY ? '' : await textOf(stdin))
    if (prompt === '' && !stdin.isTTY) throw new UsageError('there is no prompt: neither as an argument nor piped in')
    target = await findTarget(options, env, stopped.signal)
    if (target.simulated) stderr.write('No key and no base URL are set: the built-in simulator answers.\n')
    if (prompt === '') {
      release()
      return await converse(target, env, terminal)
    }
    const color = colorful(env, stdout)
    const messages = [{ role: 'user', content: prompt }] as const
    const outcome = await printAnswer(target, messages, { stdout, color, signal: stopped.signal })
    return conclude(outcome, stderr, stopped.signal.aborted)
  } catch (error) {
    if (stopped.signal.aborted) return INTERRUPTED
    if (error instanceof UsageError) {
      stderr.write(`${error.message}\n\n${HELP}`)
      return 2
    }
    if (!(error instanceof LlmError)) throw error
    stderr.write(`${error.code}: ${error.message}\n`)
    return 1
  } finally {
    release()
    await target?.[Symbol.asyncDispose]()
  }
}

async function textOf(input: Readable): Promise<string> {
  const utf8 = new TextDecoder()
  let text = ''
  for await (const bytes of input) text += utf8.decode(bytes, { stream: true })
  return (text + utf8.decode()).trim()
}
