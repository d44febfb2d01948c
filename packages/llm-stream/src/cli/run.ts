import { LlmError } from '../errors.ts'
import { chat } from './chat.ts'
import type { Env } from './chosen-provider.ts'
import { CommandError } from './command-error.ts'
import { compare } from './compare.ts'
import { complain, EXIT, STOPPED, type Terminal } from './conclude.ts'
import { HELP, usageOf } from './help.ts'
import { laidOut } from './laid-out.ts'
import { UsageError, type Verb, verbOf } from './options.ts'
import { replay } from './replay.ts'
import { say } from './say.ts'
import { simulate } from './simulate.ts'

/** What a verb is given: its arguments, and everything that is around the program. */
export interface Command {
  readonly argv: readonly string[]
  readonly env: Env
  readonly terminal: Terminal
  /** Aborts at the first Ctrl-C. */
  readonly signal: AbortSignal
  /** From here on somebody else listens to Ctrl-C. */
  readonly release: () => void
}

/** Resolves with the exit code. */
const VERBS: Readonly<Record<Verb, (command: Command) => Promise<number>>> = { chat, compare, simulate, replay }

/** The command `llm-stream`: resolves with its exit code. */
export async function run(argv: readonly string[], env: Env, terminal: Terminal): Promise<number> {
  const { stdout, stderr } = terminal
  const stopped = new AbortController()
  const release = terminal.onInterrupt(() => stopped.abort())
  const { verb, rest } = verbOf(argv)
  try {
    if (wantsHelp(rest)) {
      stdout.write(laidOut(HELP[verb], stdout.columns ?? 80))
      return EXIT.complete
    }
    return await VERBS[verb]({ argv: rest, env, terminal, signal: stopped.signal, release })
  } catch (error) {
    if (stopped.signal.aborted) {
      say(stderr, STOPPED)
      return EXIT.interrupted
    }
    if (error instanceof UsageError) {
      say(stderr, `${error.message}\n\n${usageOf(verb)}`)
      return EXIT.usage
    }
    if (error instanceof CommandError) {
      say(stderr, error.message)
      return EXIT.failed
    }
    if (!(error instanceof LlmError)) throw error
    return complain(error, stderr)
  } finally {
    release()
  }
}

/** Before anything else is looked at: who asks for help may have the rest wrong. */
function wantsHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return (end === -1 ? argv : argv.slice(0, end)).some((arg) => arg === '--help' || arg === '-h')
}
