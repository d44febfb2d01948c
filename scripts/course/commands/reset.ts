import type { Command } from '../command.ts'
import { exerciseNamed } from '../desk.ts'
import { shown } from '../exercises.ts'
import * as files from '../learner-files.ts'

export const reset: Command = {
  name: 'reset',
  usage: '[id]',
  summary: 'begin an exercise again; what you wrote is kept in .course/history',
  run({ words: [word] }, desk) {
    const exercise = exerciseNamed(desk, word)
    const kept = files.reset(desk, exercise)
    desk.say(`${shown(files.mainFile(exercise))} is the stub again.`)
    for (const file of kept) desk.say(`Kept: ${shown(file)}   (npm run course undo ${exercise.id} brings it back)`)
    return 0
  },
}

export const undo: Command = {
  name: 'undo',
  usage: '[id]',
  summary: 'bring back what the last reset took; again, and it is as it was',
  run({ words: [word] }, desk) {
    const exercise = exerciseNamed(desk, word)
    for (const file of files.undo(desk, exercise)) desk.say(`Brought back: ${shown(file)}`)
    return 0
  },
}
