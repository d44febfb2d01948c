import type { Command } from '../command.ts'
import { type Desk, exerciseNamed } from '../desk.ts'
import { type Exercise, shown } from '../exercises.ts'
import { begin, mainFile } from '../learner-files.ts'
import { didYouMean } from '../nearest.ts'
import { runProgram } from '../program.ts'
import { WrongUsage } from '../sentence.ts'

export const lab: Command = {
  name: 'lab',
  usage: '<id> [--replay]',
  summary: 'run a lab: real programs where you have them, a recording elsewhere',
  help: '--replay shows the recording also where the programs are there.\nYour answers are tested like any exercise: course check <id>',
  options: { replay: 'flag' },
  async run({ words: [word], flags }, desk) {
    const exercise = labNamed(desk, word)
    begin(desk, exercise)
    const code = await runProgram(exercise, exercise.demo, { args: flags.has('replay') ? ['--replay'] : [] })
    if (code === 0)
      desk.say(`\nYour answers: ${shown(mainFile(exercise))}   test them: npm run course check ${exercise.id}`)
    return code
  },
}

function labNamed(desk: Desk, word: string | undefined): Exercise {
  const ids = desk.exercises.filter(({ kind }) => kind === 'lab').map(({ id }) => id)
  const there = ids.length === 0 ? 'there is none yet' : `they are ${ids.join(', ')}`
  if (word === undefined) throw new WrongUsage(`course lab wants the id of a lab: ${there}`)
  const found = exerciseNamed(desk, word)
  if (found.kind === 'lab') return found
  throw new WrongUsage(`${word} is no lab${didYouMean(word, ids)}: ${there}. Its demo: npm run course run ${found.id}`)
}
