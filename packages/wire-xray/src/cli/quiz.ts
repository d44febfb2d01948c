import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { columnsOf } from '../live/view.ts'
import { type Question, questionsOf } from '../quiz/questions.ts'
import { type Recording, readRecordingFile } from '../recording/index.ts'
import { exchangesOf } from '../timeline/index.ts'
import { CommandError, isTheirs } from './command-error.ts'
import { compared } from './compared.ts'
import { parseFlags, UsageError } from './options.ts'
import { sayMissing } from './say-missing.ts'
import { type Command, EXIT, type Terminal } from './terminal.ts'

const FLAGS = {
  answers: { type: 'string' },
  json: { type: 'boolean' },
  decoder: { type: 'string' },
} as const

const RECORDINGS = new URL('../../recordings/', import.meta.url)
const LETTERS = 'abcdefgh'

/** Asks what recordings will show before it shows it; or lets somebody's decoder read them. */
export async function quiz(command: Command): Promise<number> {
  const { values, positionals } = parseFlags(command.argv, FLAGS)
  const paths = positionals.length > 0 ? positionals : await ownRecordings()
  const recordings = await Promise.all(paths.map((path) => read(path, command.terminal)))
  if (values.decoder !== undefined) return await compareAll(command, values.decoder, paths, recordings)
  const columns = columnsOf(command.terminal.stdout) - 2 // what is told stands two cells in
  const lists = await Promise.all(
    recordings.map(async (recording, n) => {
      const exchanges = await exchangesOf(recording, { withBytes: true })
      return exchanges.flatMap((exchange) => questionsOf(nameOf(paths[n] ?? ''), exchange, columns))
    }),
  )
  const questions = lists.flat()
  if (questions.length === 0) throw new CommandError('There is nothing to ask about these recordings.')
  const answers = answersIn(values.answers, questions)
  return values.json ? listed(command, questions, answers) : await asked(command, questions, answers)
}

/** Those that come with the repository. */
async function ownRecordings(): Promise<readonly string[]> {
  const names = await readdir(RECORDINGS).catch(() => [])
  const files = names.filter((name) => name.endsWith('.xray.jsonl')).toSorted()
  if (files.length === 0) throw new UsageError('no recordings came with this installation: name one')
  return files.map((name) => fileURLToPath(new URL(name, RECORDINGS)))
}

async function read(path: string, terminal: Terminal): Promise<Recording> {
  try {
    return sayMissing(await readRecordingFile(path), terminal)
  } catch (error) {
    throw isTheirs(error) ? new CommandError((error as Error).message) : error
  }
}

async function compareAll(
  { terminal }: Command,
  decoder: string,
  paths: readonly string[],
  recordings: readonly Recording[],
): Promise<number> {
  let agrees = true
  for (const [n, recording] of recordings.entries()) {
    agrees = (await compared(decoder, recording, nameOf(paths[n] ?? ''), terminal)) && agrees
  }
  return agrees ? EXIT.done : EXIT.failed
}

function nameOf(path: string): string {
  return basename(path).replace(/\.xray\.jsonl$/, '')
}

/** Letters with commas; an empty one is no answer. @throws UsageError for what is no letter of its question */
function answersIn(
  text: string | undefined,
  questions: readonly Question[],
): readonly (number | undefined)[] | undefined {
  if (text === undefined) return undefined
  const words = text.split(',').map((word) => word.trim())
  if (words.length > questions.length)
    throw new UsageError(`--answers has ${words.length}, and there are ${questions.length} questions`)
  return words.map((word, n) => {
    const answer = letterIn(word, questions[n])
    if (answer !== undefined || word === '') return answer
    throw new UsageError(`--answers: ${JSON.stringify(word)} is no answer to question ${n + 1}`)
  })
}

function letterIn(word: string, question: Question | undefined): number | undefined {
  const index = word.length === 1 ? LETTERS.indexOf(word.toLowerCase()) : -1
  return question && index >= 0 && index < question.options.length ? index : undefined
}

/** One line of JSON a question; without answers also without the solution. */
function listed(
  { terminal }: Command,
  questions: readonly Question[],
  answers: readonly (number | undefined)[] | undefined,
): number {
  for (const [n, { right, evidence, ...question }] of questions.entries()) {
    const answer = answers?.[n]
    const told = answer === undefined ? {} : { answer: LETTERS[answer], right: LETTERS[right], evidence }
    terminal.stdout.write(`${JSON.stringify({ no: n + 1, ...question, ...told })}\n`)
  }
  return EXIT.done
}

async function asked(
  { terminal, signal }: Command,
  questions: readonly Question[],
  answers: readonly (number | undefined)[] | undefined,
): Promise<number> {
  const { stdin, stdout } = terminal
  const lines = answers ? undefined : createInterface({ input: stdin, signal })
  const typed = lines?.[Symbol.asyncIterator]()
  let [score, count] = [0, 0]
  for (const [n, question] of questions.entries()) {
    if (answers && n >= answers.length) break
    stdout.write(
      `${[`${n + 1} of ${questions.length}  ${question.recording}`, ...question.shown.map((line) => `  ${line}`), question.question, ...question.options.map((option, at) => `  ${LETTERS[at]}) ${option}`)].join('\n')}\n`,
    )
    const answer = answers ? answers[n] : await answerOf(question, typed, stdout)
    if (answer === 'over') break
    count++
    if (answer === question.right) score++
    const verdict =
      answer === question.right ? '✓ yes' : `✗ it is ${LETTERS[question.right]}) ${question.options[question.right]}`
    stdout.write(`${[verdict, ...question.evidence.map((line) => `  ${line}`), ''].join('\n')}\n`)
  }
  lines?.close()
  stdout.write(`${score} of ${count} right\n`)
  return EXIT.done
}

/** `over` when nobody answers any more. */
async function answerOf(
  question: Question,
  typed: AsyncIterator<string> | undefined,
  stdout: Command['terminal']['stdout'],
): Promise<number | 'over'> {
  for (;;) {
    stdout.write(`Your answer, ${LETTERS[0]} to ${LETTERS[question.options.length - 1]}, or q: `)
    const line = await typed?.next().catch(() => undefined)
    stdout.write('\n')
    if (!line || line.done || line.value.trim() === 'q') return 'over'
    const answer = letterIn(line.value.trim(), question)
    if (answer !== undefined) return answer
  }
}
