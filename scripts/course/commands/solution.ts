import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from '../command.ts'
import { exerciseNamed } from '../desk.ts'
import { type Exercise, shown } from '../exercises.ts'
import { mayBeSeen } from './diff.ts'

export const solution: Command = {
  name: 'solution',
  usage: '[id] [--yes]',
  summary: 'the answer of the course; your own file is not touched',
  help: 'Before you have passed it asks first; --yes is the answer to that.',
  options: { yes: 'flag' },
  async run({ words: [word], flags }, desk) {
    const exercise = exerciseNamed(desk, word)
    if (!(await mayBeSeen(desk, exercise, flags.has('yes')))) return 1
    desk.say(answerOf(exercise))
    return 0
  },
}

/** The answer, under its path. */
export function answerOf({ folder, solution: name }: Exercise): string {
  const file = join(folder, name)
  return `// ${shown(file)}\n${readFileSync(file, 'utf8').trimEnd()}`
}
