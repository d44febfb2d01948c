import { join } from 'node:path'
import type { Command } from '../command.ts'
import { findExercises, PHASES, phaseFolders, shown } from '../exercises.ts'
import { didYouMean } from '../nearest.ts'
import { scaffold } from '../scaffold.ts'
import { WrongUsage } from '../sentence.ts'
import { verifyAndSay } from '../verify.ts'
import { writeWhole } from '../write-file.ts'

export const newExercise: Command = {
  name: 'new',
  usage: '<phase> <slug>',
  summary: 'a folder with every file of an exercise, to be filled',
  help: 'It keeps every promise from the first minute on and teaches nothing: course new 1 a-good-name',
  words: 2,
  forAuthors: true,
  async run({ words: [word, name] }, desk) {
    if (word === undefined || name === undefined)
      throw new WrongUsage('course new wants a phase and a name: course new 1 a-good-name')
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))
      throw new WrongUsage(`a name has small letters and hyphens, not ${name}`)
    const phase = phaseNamed(word)
    const number = numberFor(phase)
    const id = `${Number.parseInt(phase, 10)}.${number}`
    const slug = `${String(number).padStart(2, '0')}-${name}`
    const title = name.replace(/^./, (first) => first.toUpperCase()).replaceAll('-', ' ')
    const folder = join(PHASES, phase, slug)
    for (const [file, text] of Object.entries(scaffold({ id, slug, title }))) writeWhole(join(folder, file), text)
    desk.say(`made ${shown(folder)}`)
    return await verifyAndSay([id], true)
  },
}

function phaseNamed(word: string): string {
  const phases = phaseFolders()
  const found = phases.find((phase) => phase === word || phase.split('-')[0] === word)
  if (found === undefined)
    throw new WrongUsage(`there is no phase ${word}${didYouMean(word, phases)}   (${phases.join(', ')})`)
  return found
}

/** The first number that no exercise of the phase has. */
function numberFor(phase: string): number {
  const taken = new Set(
    findExercises()
      .filter((exercise) => exercise.phase === phase)
      .map(({ id }) => Number(id.split('.')[1])),
  )
  let number = 1
  while (taken.has(number)) number++
  return number
}
