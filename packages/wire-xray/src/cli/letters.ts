import type { Question } from '../quiz/questions.ts'
import { UsageError } from './options.ts'

/** What the options of a question are called. */
export const LETTERS = 'abcdefgh'

/** Letters with commas; an empty one is no answer. @throws UsageError for what is no letter of its question */
export function answersIn(
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

/** Which option of the question a word names, if it does. */
export function letterIn(word: string, question: Question | undefined): number | undefined {
  const index = word.length === 1 ? LETTERS.indexOf(word.toLowerCase()) : -1
  return question && index >= 0 && index < question.options.length ? index : undefined
}
