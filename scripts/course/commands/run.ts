import { existsSync } from 'node:fs'
import type { Command } from '../command.ts'
import { exerciseNamed } from '../desk.ts'
import { shown } from '../exercises.ts'
import { mainFile } from '../learner-files.ts'
import { runProgram } from '../program.ts'
import { Sentence } from '../sentence.ts'

export const run: Command = {
  name: 'run',
  usage: '[id] [--live]',
  summary: 'run the demo of an exercise with your code: look at what it does',
  help: '--live asks a real model where a demo can: with LLM_BASE_URL, OPENAI_API_KEY or ANTHROPIC_API_KEY in the environment.',
  options: { live: 'flag' },
  async run({ words: [word], flags }, desk) {
    const exercise = exerciseNamed(desk, word)
    if (!existsSync(mainFile(exercise)))
      throw new Sentence(`there is no ${shown(mainFile(exercise))} yet: npm run course start`)
    return await runProgram(exercise, exercise.demo, { args: flags.has('live') ? ['--live'] : [] })
  },
}
