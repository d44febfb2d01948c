import { ask } from '../ask.ts'
import type { Command } from '../command.ts'
import { currentOf, type Desk, exerciseNamed, note, noted } from '../desk.ts'
import type { Exercise } from '../exercises.ts'
import { letterOf, lookBack, type Prediction, readPrediction } from '../prediction.ts'
import { Sentence, WrongUsage } from '../sentence.ts'
import { reflow } from '../style.ts'

export const predict: Command = {
  name: 'predict',
  usage: '[id] [a|b|c]',
  summary: 'say what you expect, before you write any code',
  help: 'Whether you were right is shown when your code passes. Until then you may change your mind.',
  words: 2,
  async run({ words }, desk) {
    const [exercise, letter] = chosenIn(desk, words)
    const prediction = readPrediction(exercise)
    if (prediction === undefined) throw new Sentence(`${exercise.id} has no question`)
    const { doneAt, prediction: before } = noted(desk, exercise)
    if (doneAt !== undefined && before !== undefined) return say(desk, lookBack(prediction, before))
    if (letter === undefined) say(desk, questionText(prediction, before))
    const given = letter ?? (process.stdin.isTTY ? await ask('\nYour answer (Enter to leave it): ') : '')
    if (given === '') return 0
    const choice = placeOf(given, prediction)
    note(desk, exercise, { prediction: choice })
    return say(desk, `Noted: ${prediction.options[choice]}. You will see when your code passes.`)
  },
}

function say(desk: Desk, text: string): number {
  desk.say(reflow(text, desk.style.columns))
  return 0
}

/** An id, a letter, or both; a letter alone is about the current exercise. */
function chosenIn(desk: Desk, [first, second]: readonly string[]): [Exercise, string | undefined] {
  if (first !== undefined && second === undefined && /^[a-z]$/i.test(first)) return [currentOf(desk), first]
  return [exerciseNamed(desk, first), second]
}

/** The question and its options, as they are asked. */
export function questionText({ question, options }: Prediction, before: number | undefined): string {
  const rows = options.map(
    (option, at) => `  ${letterOf(at)}) ${option}${at === before ? '   (your answer so far)' : ''}`,
  )
  return [question, '', ...rows].join('\n')
}

function placeOf(letter: string, { options }: Prediction): number {
  const place = options.findIndex((_, at) => letterOf(at) === letter.toLowerCase())
  if (place < 0) throw new WrongUsage(`an answer is ${letterOf(0)} to ${letterOf(options.length - 1)}, not ${letter}`)
  return place
}

/** What was predicted and what is so, for those who have passed and had predicted. */
export function lookedBack(desk: Desk, exercise: Exercise): string | undefined {
  const prediction = readPrediction(exercise)
  const { prediction: chosen, doneAt } = noted(desk, exercise)
  if (prediction === undefined || chosen === undefined || doneAt === undefined) return undefined
  return reflow(lookBack(prediction, chosen), desk.style.columns - 2).replaceAll(/^/gm, ' ')
}
