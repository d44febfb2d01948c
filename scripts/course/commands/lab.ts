import type { Lab } from '../../../phases/4-production/labs/engine/lab.ts'
import type { Command } from '../command.ts'
import { type Desk, exerciseNamed } from '../desk.ts'
import { type Exercise, shown } from '../exercises.ts'
import { findExperiments, runExperiment } from '../experiments.ts'
import { begin, mainFile } from '../learner-files.ts'
import { didYouMean } from '../nearest.ts'
import { runProgram } from '../program.ts'
import { WrongUsage } from '../sentence.ts'

export const lab: Command = {
  name: 'lab',
  usage: '[id] [--replay] [--imitate] [--json]',
  summary: 'run a lab: real programs where you have them; without an id: which there are',
  help: `L0 to L2 ask for answers, which are tested like any exercise: course check <id>. --replay shows their recording.
From L3 on a lab is an experiment with proxies: it asks what you predict, and measures. Where a proxy is absent, or with
--imitate, wire-xray imitates it, and the table says so. --json prints what was measured. The exit code is 1 when
something that the lab claims is not so here.`,
  options: { replay: 'flag', imitate: 'flag', json: 'flag' },
  async run({ words: [word], flags }, desk) {
    const experiments = await findExperiments()
    if (word === undefined) return listAll(desk, experiments)
    const experiment = experiments.find(({ id }) => id.toLowerCase() === word.toLowerCase())
    if (experiment !== undefined) return await runExperiment(experiment, flags, desk)
    const exercise = labNamed(
      desk,
      word,
      experiments.map(({ id }) => id),
    )
    begin(desk, exercise)
    const code = await runProgram(exercise, exercise.demo, { args: flags.has('replay') ? ['--replay'] : [] })
    if (code === 0)
      desk.say(`\nYour answers: ${shown(mainFile(exercise))}   test them: npm run course check ${exercise.id}`)
    return code
  },
}

function listAll(desk: Desk, experiments: readonly Lab[]): number {
  for (const { id, kind, title } of desk.exercises) if (kind === 'lab') desk.say(` ${id.padEnd(4)} ${title}`)
  for (const experiment of experiments)
    desk.say(` ${experiment.id.padEnd(4)} ${experiment.title.padEnd(27)}${hopsOf(experiment)}`.trimEnd())
  return 0
}

/** What stands between client and server in one of its setups at least. */
function hopsOf({ setups }: Lab): string {
  return [...new Set(setups.flatMap(({ programs }) => programs))].join(', ')
}

function labNamed(desk: Desk, word: string, experiments: readonly string[]): Exercise {
  const ids = [...desk.exercises.filter(({ kind }) => kind === 'lab').map(({ id }) => id), ...experiments]
  const there = ids.length === 0 ? 'there is none yet' : `they are ${ids.join(', ')}`
  if (/^L\d+$/i.test(word) && !ids.includes(word.toUpperCase()))
    throw new WrongUsage(`there is no lab ${word}: ${there}`)
  const found = exerciseNamed(desk, word)
  if (found.kind === 'lab') return found
  throw new WrongUsage(`${word} is no lab${didYouMean(word, ids)}: ${there}. Its demo: npm run course run ${found.id}`)
}
