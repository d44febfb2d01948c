import { LlmError } from '../errors.ts'
import { printAnswer } from './answer.ts'
import { colorful, complain, conclude, INTERRUPTED, STOPPED, type Terminal } from './conclude.ts'
import { converse } from './converse.ts'
import { HELP, parseOptions, UsageError } from './options.ts'
import { readPiped } from './piped.ts'
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
    const prompt = await promptFrom(options.prompt, terminal, stopped.signal)
    if (prompt === '' && !stdin.isTTY) throw new UsageError('there is no prompt: neither as an argument nor piped in')
    target = await findTarget(options, env, stopped.signal)
    if (target.simulated) stderr.write('No key and no base URL are set: the built-in simulator answers.\n')
    for (const note of target.notes) stderr.write(`${note}\n`)
    if (prompt === '') {
      release()
      return await converse(target, env, terminal)
    }
    const color = colorful(env, stdout)
    const messages = [{ role: 'user', content: prompt }] as const
    const outcome = await printAnswer(target, messages, { stdout, color, signal: stopped.signal })
    return conclude(outcome, stderr, stopped.signal.aborted)
  } catch (error) {
    if (stopped.signal.aborted) {
      stderr.write(STOPPED)
      return INTERRUPTED
    }
    if (error instanceof UsageError) {
      stderr.write(`${error.message}\n\n${HELP}`)
      return 2
    }
    if (!(error instanceof LlmError)) throw error
    return complain(error, stderr)
  } finally {
    release()
    await target?.[Symbol.asyncDispose]()
  }
}

/** The prompt of the command line, and under it, after a blank line, what is piped in. */
async function promptFrom(given: string, { stdin, stderr }: Terminal, signal: AbortSignal): Promise<string> {
  if (stdin.isTTY) return given
  const piped = await readPiped(stdin, signal, () => {
    if (given !== '') stderr.write('(reading standard input, until it ends; without any: < /dev/null)\n')
  })
  return [given, piped].filter((part) => part !== '').join('\n\n')
}
