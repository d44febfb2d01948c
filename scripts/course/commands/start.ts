import type { Command } from '../command.ts'
import { shown } from '../exercises.ts'
import { begin } from '../learner-files.ts'

export const start: Command = {
  name: 'start',
  usage: '',
  summary: 'make the files you write in; what is there is left alone',
  words: 0,
  run(_given, desk) {
    const made = desk.exercises.flatMap((exercise) => begin(desk, exercise))
    for (const file of made) desk.say(`made ${shown(file)}`)
    desk.say(`${made.length} files made, ${desk.exercises.length} exercises. Next: npm run course`)
    return 0
  },
}
