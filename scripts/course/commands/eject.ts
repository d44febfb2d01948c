import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import type { Command } from '../command.ts'
import { type Desk, noted } from '../desk.ts'
import { modulesOf } from '../eject/modules.ts'
import { packageFiles } from '../eject/package-files.ts'
import { STACK } from '../eject/stack.ts'
import { type Exercise, ROOT, shown } from '../exercises.ts'
import { mainFile } from '../learner-files.ts'
import { Sentence } from '../sentence.ts'
import { writeWhole } from '../write-file.ts'

export const eject: Command = {
  name: 'eject',
  usage: '[folder]',
  summary: 'write your finished exercises as a package of their own',
  help: `The folder must not exist yet, and its name is the package's; without one it is my-streams, in this repository's folder.
What imports a package of this repository cannot stand alone, and is left out by name. With the capstone (3.8) and its five
layers done, the package also has ask(), which is your whole stack, and a test of it.`,
  run({ words: [word = join(ROOT, 'my-streams')] }, desk) {
    const folder = resolve(word)
    const name = basename(folder)
    if (!/^[a-z0-9][a-z0-9._-]*$/.test(name))
      throw new Sentence(`${name} is no name for a package: small letters, digits and hyphens`)
    if (existsSync(folder))
      throw new Sentence(
        `${shown(folder)} is there already; nothing is written over. Name another: course eject my-second`,
      )
    const done = desk.exercises.filter((exercise) => isFinished(desk, exercise))
    const alone = done.filter((exercise) => modulesOf(exercise).foreign.length === 0)
    if (alone.length === 0) throw new Sentence('no finished exercise stands alone yet: npm run course list')
    const files = packageFiles(name, alone)
    for (const [file, text] of Object.entries(files)) writeWhole(join(folder, file), text)
    for (const exercise of done.filter((other) => !alone.includes(other)))
      desk.say(`left out: ${exercise.id}, which imports ${modulesOf(exercise).foreign.join(', ')}`)
    const problems = compile(folder)
    if (problems !== '')
      desk.say(`\nThe compiler has something to say about your types; the package runs all the same:\n\n${problems}`)
    desk.say(`${alone.length} exercises written to ${shown(folder)}${stackWords(files, alone)}`)
    desk.say(`Next: cd ${shown(folder)} && npm test, then npm pack`)
    return 0
  },
}

function isFinished(desk: Desk, exercise: Exercise): boolean {
  const isCode = exercise.kind !== 'lab' && exercise.work.some(({ mine }) => mine === 'exercise.ts')
  return isCode && noted(desk, exercise).doneAt !== undefined && existsSync(mainFile(exercise))
}

/** Makes `dist`: JavaScript that runs in any Node from 20.19 on. @returns what the compiler has said */
function compile(folder: string): string {
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json')
  const tsc = join(dirname(manifest), 'bin', 'tsc')
  const types = join(ROOT, 'node_modules', '@types')
  const args = [tsc, '-p', folder, '--typeRoots', types, '--pretty', 'false']
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
  if (existsSync(join(folder, 'dist', 'index.js'))) return stdout.trim()
  throw new Sentence(`the sources are in ${shown(folder)}, but the compiler made nothing of them:\n${stdout}`)
}

function stackWords(files: Readonly<Record<string, string>>, alone: readonly Exercise[]): string {
  if ('src/stack.ts' in files) return ', and your whole stack with them: ask() in src/stack.ts'
  const missing = Object.values(STACK).filter((id) => !alone.some((exercise) => exercise.id === id))
  return `. For the whole stack it lacks ${missing.join(', ')}`
}
