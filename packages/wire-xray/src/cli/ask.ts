import { createInterface } from 'node:readline/promises'
import { wrap } from '../format.ts'
import { columnsOf } from '../live/view.ts'
import type { Question } from '../quiz/questions.ts'
import { LETTERS, letterIn } from './letters.ts'
import { type Command, EXIT } from './terminal.ts'

/** Which questions are asked. */
export interface Asking {
  readonly questions: readonly Question[]
  /** How many there are before them. */
  readonly before: number
  /** Of the first ones, in their order; undefined to be asked for each. */
  readonly answers: readonly (number | undefined)[] | undefined
}

/** Asks one question after the other, or takes the answers that were given, and says what is right. */
export async function asked({ terminal, signal }: Command, { questions, before, answers }: Asking): Promise<number> {
  const { stdin, stdout } = terminal
  const lines = answers ? undefined : createInterface({ input: stdin, signal })
  const typed = lines?.[Symbol.asyncIterator]()
  const all = before + questions.length
  const ask = async (question: Question): Promise<Answer> => {
    for (let note = ''; ; note = 'That is no answer. ') {
      stdout.write(`${note}Your answer, a to ${LETTERS[question.options.length - 1]}, or q: `)
      const line = await typed?.next().catch(() => undefined)
      const isOver = !line || line.done
      if (isOver || stdin.isTTY !== true) stdout.write('\n') // a terminal shows the one that was typed
      if (isOver || line.value.trim() === 'q') return 'over'
      const answer = letterIn(line.value.trim(), question)
      if (answer !== undefined) return answer
    }
  }
  let [score, count] = [0, 0]
  for (const [n, question] of questions.slice(0, answers?.length).entries()) {
    stdout.write(`${before + n + 1} of ${all}  ${linesOf(question, columnsOf(stdout)).join('\n')}\n`)
    const answer = answers ? answers[n] : await ask(question)
    if (answer === 'over') break
    count++
    if (answer === question.right) score++
    stdout.write(`${solutionOf(question, answer)}\n`)
  }
  lines?.close()
  const left = before + count < all ? `; --from ${before + count + 1} goes on there` : ''
  stdout.write(`${score} of ${count} right${left}\n`)
  return EXIT.done
}

/** The number of an option; `over` when nobody answers any more. */
type Answer = number | 'over'

function linesOf({ recording, shown, question, options }: Question, columns: number): readonly string[] {
  const letters = options.map((option, n) => `${LETTERS[n]}) ${option}`)
  const indented = (line: string): readonly string[] => wrap(line, columns - 2).map((part) => `  ${part}`)
  return [recording, ...shown.flatMap(indented), ...wrap(question, columns), ...letters.flatMap(indented)]
}

/** Whether it was right, and what shows it. */
function solutionOf({ right, options, evidence }: Question, answer: number | undefined): string {
  const verdict = answer === right ? '✓ yes' : `✗ it is ${LETTERS[right]}) ${options[right]}`
  return [verdict, ...evidence.map((line) => `  ${line}`), ''].join('\n')
}
