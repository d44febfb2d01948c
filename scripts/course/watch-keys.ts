import { comparison } from './commands/diff.ts'
import { table } from './commands/list.ts'
import { nextOf } from './commands/next.ts'
import { lookedBack, questionText } from './commands/predict.ts'
import { answerOf } from './commands/solution.ts'
import { type Desk, note, noted } from './desk.ts'
import type { Exercise } from './exercises.ts'
import { hintText, nextHint } from './hinting.ts'
import { begin, reset, undo } from './learner-files.ts'
import { letterOf, readPrediction } from './prediction.ts'
import { reflow } from './style.ts'
import { KEYS, type Screen } from './watch-screen.ts'

/** What a key may do to the session. */
export interface Controls {
  readonly desk: Desk
  readonly screen: Screen
  /** Writes a sentence under the exercise. */
  tell(text: string): void
  /** Puts a page in front of it: any key closes it, and is handed to `onKey`. */
  turnTo(text: string, onKey?: (key: string) => void): void
  /** Goes to another exercise. */
  open(exercise: Exercise): void
  /** Runs the tests. */
  test(): void
  /** Runs the demo in this terminal. */
  demo(): Promise<void>
}

/** What each key does when no page is open. */
export const ACTIONS: Readonly<Record<string, (controls: Controls) => void | Promise<void>>> = {
  h({ desk, screen, tell }) {
    tell(hintText(nextHint(desk, screen.exercise), desk.style.columns - 1).replaceAll(/^(?=.)/gm, ' '))
  },
  r: ({ demo }) => demo(),
  d: (controls) =>
    showAnswer(controls, ({ desk, screen: { exercise } }) => comparison(desk, exercise, exercise.solution)),
  s: (controls) => showAnswer(controls, ({ screen }) => answerOf(screen.exercise)),
  l: ({ desk, turnTo }) => turnTo(`${table(desk)}${BACK}`),
  n: goOn,
  p: predict,
  z(controls) {
    confirm(controls, 'Begin again? What you wrote is kept in .course/history.', ({ desk, screen, tell }) => {
      reset(desk, screen.exercise)
      tell(' It is the stub again. u brings back what you wrote.')
    })
  },
  u({ desk, screen, tell }) {
    undo(desk, screen.exercise)
    tell(' Brought back from .course/history. Once more u, and it is as it was.')
  },
  t: ({ test }) => test(),
  '?': ({ turnTo }) => turnTo(`${KEYS}${BACK}`),
}

const BACK = '\n\n any key: back'

/** The answer may be seen by those who have passed, and by those who say so. */
function showAnswer(controls: Controls, text: (controls: Controls) => string): void {
  const show = () => controls.turnTo(`${text(controls)}${BACK}`)
  const { exercise, verdict } = controls.screen
  begin(controls.desk, exercise)
  if (verdict?.state === 'done') show()
  else confirm(controls, `You have not passed ${exercise.id} yet. Look at the answer all the same?`, show)
}

function confirm(controls: Controls, question: string, act: (controls: Controls) => void): void {
  controls.turnTo(`\n ${question}\n\n y yes · any other key: no`, (key) => {
    if (key === 'y') act(controls)
  })
}

function goOn({ desk, screen: { exercise, verdict }, tell, open }: Controls): void {
  const following = nextOf(desk)
  if (verdict?.state !== 'done') tell(` ${exercise.id} is not done yet. To leave it: q, then npm run course goto <id>`)
  else if (following !== undefined) open(following)
  else tell(' ✓ All exercises are done. Look at them all once more: npm run course check all')
}

function predict({ desk, screen: { exercise }, tell, turnTo }: Controls): void {
  const prediction = readPrediction(exercise)
  const back = lookedBack(desk, exercise)
  if (prediction === undefined || back !== undefined) {
    tell(back ?? ` ${exercise.id} has no question.`)
    return
  }
  const text = reflow(questionText(prediction, noted(desk, exercise).prediction), desk.style.columns - 2)
  turnTo(`\n${text.replaceAll(/^/gm, ' ')}\n\n type a letter · any other key: back`, (key) => {
    const choice = prediction.options.findIndex((_, at) => letterOf(at) === key)
    if (choice < 0) return
    note(desk, exercise, { prediction: choice })
    tell(` Noted: ${prediction.options[choice]}. You will see when your code passes.`)
  })
}
