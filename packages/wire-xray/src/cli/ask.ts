import { createInterface } from 'node:readline/promises'
import type { Question } from '../quiz/questions.ts'
import { LETTERS, letterIn } from './letters.ts'
import { type Command, EXIT } from './terminal.ts'

/** Asks one question after the other, or takes the answers that were given, and says what is right. */
export async function asked(
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
    stdout.write(`${n + 1} of ${questions.length}  ${linesOf(question)}\n`)
    const answer = answers ? answers[n] : await answerOf(question, typed, stdout)
    if (answer === 'over') break
    count++
    if (answer === question.right) score++
    stdout.write(`${solutionOf(question, answer)}\n`)
  }
  lines?.close()
  stdout.write(`${score} of ${count} right\n`)
  return EXIT.done
}

function linesOf({ recording, shown, question, options }: Question): string {
  const letters = options.map((option, n) => `  ${LETTERS[n]}) ${option}`)
  return [recording, ...shown.map((line) => `  ${line}`), question, ...letters].join('\n')
}

/** Whether it was right, and what shows it. */
function solutionOf({ right, options, evidence }: Question, answer: number | undefined): string {
  const verdict = answer === right ? '✓ yes' : `✗ it is ${LETTERS[right]}) ${options[right]}`
  return [verdict, ...evidence.map((line) => `  ${line}`), ''].join('\n')
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
