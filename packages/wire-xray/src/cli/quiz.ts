import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { columnsOf } from '../live/view.ts'
import { questionsOf } from '../quiz/questions.ts'
import { exchangesOf } from '../timeline/index.ts'
import { type Asking, asked } from './ask.ts'
import { CommandError } from './command-error.ts'
import { compared, patienceIn } from './compared.ts'
import { answersIn, LETTERS } from './letters.ts'
import { parseFlags, UsageError, wholeNumberIn } from './options.ts'
import { recordingAt } from './recording-at.ts'
import { type Command, EXIT } from './terminal.ts'

const FLAGS = {
  answers: { type: 'string' },
  json: { type: 'boolean' },
  from: { type: 'string' },
  decoder: { type: 'string' },
  time: { type: 'string' },
} as const

const RECORDINGS = new URL('../../recordings/', import.meta.url)

/** Asks what recordings will show before it shows it; or lets somebody's decoder read them. */
export async function quiz(command: Command): Promise<number> {
  const { values, positionals } = parseFlags(command.argv, FLAGS)
  const paths = positionals.length > 0 ? positionals : await ownRecordings()
  const recordings = await Promise.all(paths.map((path) => recordingAt(path, command.terminal)))
  if (values.decoder !== undefined) {
    const named = recordings.map((recording, n) => ({ name: nameOf(paths[n] ?? ''), recording }))
    return (await compared(values.decoder, named, command, patienceIn(values.time))) ? EXIT.done : EXIT.failed
  }
  const columns = columnsOf(command.terminal.stdout) - 2 // what is told stands two cells in
  const lists = await Promise.all(
    recordings.map(async (recording, n) => {
      const exchanges = await exchangesOf(recording, { withBytes: true })
      return exchanges.flatMap((exchange) => questionsOf(nameOf(paths[n] ?? ''), exchange, columns))
    }),
  )
  const questions = lists.flat()
  if (questions.length === 0) throw new CommandError('There is nothing to ask about these recordings.')
  const before = (wholeNumberIn(values.from, '--from', 1, questions.length) ?? 1) - 1
  const rest = questions.slice(before)
  const asking = { questions: rest, before, answers: answersIn(values.answers, rest) }
  return values.json ? listed(command, asking) : await asked(command, asking)
}

/** Those that come with the repository. */
async function ownRecordings(): Promise<readonly string[]> {
  const names = await readdir(RECORDINGS).catch(() => [])
  const files = names.filter((name) => name.endsWith('.xray.jsonl')).toSorted()
  if (files.length === 0) throw new UsageError('no recordings came with this installation: name one')
  return files.map((name) => fileURLToPath(new URL(name, RECORDINGS)))
}

function nameOf(path: string): string {
  return basename(path).replace(/\.xray\.jsonl$/, '')
}

/** One line of JSON a question; without answers also without the solution. */
function listed({ terminal }: Command, { questions, before, answers }: Asking): number {
  for (const [n, { right, evidence, ...question }] of questions.entries()) {
    const answer = answers?.[n]
    const told = answer === undefined ? {} : { answer: LETTERS[answer], right: LETTERS[right], evidence }
    terminal.stdout.write(`${JSON.stringify({ no: before + n + 1, ...question, ...told })}\n`)
  }
  return EXIT.done
}
