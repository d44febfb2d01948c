import type { Command } from '../command.ts'
import { type Desk, exerciseNamed } from '../desk.ts'
import { type Exercise, shown } from '../exercises.ts'
import { begin, mainFile } from '../learner-files.ts'
import { readPrediction } from '../prediction.ts'
import { WrongUsage } from '../sentence.ts'

export const goto: Command = {
  name: 'goto',
  usage: '<id>',
  summary: 'make this exercise the current one; nothing is locked',
  run({ words: [word] }, desk) {
    if (word === undefined) throw new WrongUsage('course goto wants an id: npm run course goto 1.2')
    moveTo(desk, exerciseNamed(desk, word))
    return 0
  },
}

/** Makes an exercise the current one, makes its file if there is none, and says where to begin. */
export function moveTo(desk: Desk, exercise: Exercise): void {
  desk.remember((state) => ({ ...state, current: exercise.id }))
  const [made] = begin(desk, exercise)
  const { id, title, minutes, folder } = exercise
  const predict = readPrediction(exercise) === undefined ? '' : '\n predict  npm run course predict'
  desk.say(` ${desk.style.strong(`${id} · ${title}`)}   about ${minutes} min
 read     ${shown(folder)}/README.md${predict}
 write    ${shown(mainFile(exercise))}${made === undefined ? '' : '   (new)'}
 test     npm run course`)
}
