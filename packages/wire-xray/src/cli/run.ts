import { printable } from '../printable.ts'
import { check } from './check.ts'
import { CommandError } from './command-error.ts'
import { diff } from './diff.ts'
import { explainFile } from './explain-file.ts'
import { exportFile } from './export-file.ts'
import { helpFor, usageOf, type Verb } from './help.ts'
import { UsageError } from './options.ts'
import { probe } from './probe.ts'
import { proxy } from './proxy.ts'
import { quiz } from './quiz.ts'
import { replay } from './replay.ts'
import { sandwich } from './sandwich.ts'
import { type Command, type Env, EXIT, type Terminal } from './terminal.ts'
import { web } from './web.ts'

/** Resolves with the exit code. */
const VERBS: Readonly<Record<Verb, (command: Command) => Promise<number>>> = {
  proxy,
  probe,
  check,
  sandwich,
  explain: explainFile,
  diff,
  replay,
  export: exportFile,
  web,
  quiz,
}

/** The command `xray`: resolves with its exit code. */
export async function run(argv: readonly string[], env: Env, terminal: Terminal): Promise<number> {
  const { stdout, stderr } = terminal
  const stopped = new AbortController()
  const release = terminal.onInterrupt(() => stopped.abort())
  const { verb, rest } = verbOf(argv)
  try {
    if (wantsHelp(rest)) {
      stdout.write(helpFor(verb, stdout.columns))
      return EXIT.done
    }
    return await VERBS[verb]({ argv: rest, env, terminal, signal: stopped.signal })
  } catch (error) {
    if (error instanceof UsageError) {
      stderr.write(`${printable(error.message, 400)}\n\n${usageOf(verb)}\n`)
      return EXIT.usage
    }
    if (!(error instanceof CommandError)) throw error
    stderr.write(`${printable(error.message, 400)}\n`)
    return EXIT.failed
  } finally {
    release()
  }
}

/** The verb is the first word, if it is one; everything else is a target. */
function verbOf(argv: readonly string[]): { readonly verb: Verb; readonly rest: readonly string[] } {
  const [first = ''] = argv
  const verb = (Object.keys(VERBS) as Verb[]).find((name) => name === first)
  return verb ? { verb, rest: argv.slice(1) } : { verb: 'proxy', rest: argv }
}

/** Before anything else is looked at: who asks for help may have the rest wrong. */
function wantsHelp(argv: readonly string[]): boolean {
  return argv.includes('--help') || argv.includes('-h')
}
