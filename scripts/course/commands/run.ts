import { existsSync } from 'node:fs'
import type { Command } from '../command.ts'
import { exerciseNamed } from '../desk.ts'
import { shown } from '../exercises.ts'
import { mainFile } from '../learner-files.ts'
import { runProgram } from '../program.ts'
import { Sentence } from '../sentence.ts'

export const run: Command = {
  name: 'run',
  usage: '[id]',
  summary: 'run the demo of an exercise with your code: look at what it does',
  async run({ words: [word] }, desk) {
    const exercise = exerciseNamed(desk, word)
    if (!existsSync(mainFile(exercise)))
      throw new Sentence(`there is no ${shown(mainFile(exercise))} yet: npm run course start`)
    return await runProgram(exercise, exercise.demo)
  },
}
