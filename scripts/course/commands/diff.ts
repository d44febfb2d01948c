import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { askYes } from '../ask.ts'
import type { Command } from '../command.ts'
import { type Desk, exerciseNamed, noted } from '../desk.ts'
import { type Exercise, shown } from '../exercises.ts'
import { mainFile } from '../learner-files.ts'
import { compareLines } from '../lines-differ.ts'
import { Sentence } from '../sentence.ts'

export const diff: Command = {
  name: 'diff',
  usage: '[id] [--stub] [--yes]',
  summary: 'your file beside the answer, line by line',
  help: '--stub compares with the stub instead: what you have changed, and what has changed in it since you began.\nBefore you have passed it asks first; --yes is the answer to that.',
  options: { stub: 'flag', yes: 'flag' },
  async run({ words: [word], flags }, desk) {
    const exercise = exerciseNamed(desk, word)
    const stub = exercise.work[0]?.stub ?? 'stub.ts'
    if (!flags.has('stub') && !(await mayBeSeen(desk, exercise, flags.has('yes')))) return 1
    desk.say(comparison(desk, exercise, flags.has('stub') ? stub : exercise.solution))
    return 0
  },
}

/** The learner's file, compared with another of the exercise. */
export function comparison({ style }: Desk, exercise: Exercise, name: string): string {
  const mine = mainFile(exercise)
  if (!existsSync(mine)) throw new Sentence(`there is no ${shown(mine)} yet: npm run course start`)
  const lines = compareLines(readFileSync(mine, 'utf8'), readFileSync(join(exercise.folder, name), 'utf8'))
  const rows = lines.map(({ side, text }) => {
    if (side === 'both') return `  ${text}`
    return side === 'first' ? style.bad(`- ${text}`) : style.good(`+ ${text}`)
  })
  const same = lines.every(({ side }) => side === 'both') ? ['', 'They are the same.'] : []
  return [`- ${shown(mine)}`, `+ ${shown(join(exercise.folder, name))}`, '', ...rows, ...same].join('\n')
}

/** The answer may be seen by those who have passed, and by those who say so. */
export async function mayBeSeen(desk: Desk, exercise: Exercise, sure: boolean): Promise<boolean> {
  if (sure || noted(desk, exercise).doneAt !== undefined) return true
  return await askYes(`You have not passed ${exercise.id} yet. Look at the answer all the same?`)
}
