import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from '../command.ts'
import { type Desk, noted } from '../desk.ts'
import { type Exercise, ROOT, shown } from '../exercises.ts'
import { mainFile } from '../learner-files.ts'
import { Sentence } from '../sentence.ts'
import { writeWhole } from '../write-file.ts'

export const eject: Command = {
  name: 'eject',
  usage: '[folder]',
  summary: 'write your finished exercises as a package of their own',
  help: `The folder must not exist yet; without one it is my-streams, in this repository's folder.
What imports a package of this repository cannot stand alone, and is left out by name.`,
  run({ words: [word = join(ROOT, 'my-streams')] }, desk) {
    const folder = resolve(word)
    if (existsSync(folder)) throw new Sentence(`${shown(folder)} is there already; nothing is written over`)
    const done = desk.exercises.filter((exercise) => isFinished(desk, exercise))
    const alone = done.filter((exercise) => needs(exercise).length === 0)
    if (alone.length === 0) throw new Sentence('no finished exercise stands alone yet: npm run course list')
    for (const [name, text] of Object.entries(filesOf(alone))) writeWhole(join(folder, name), text)
    for (const exercise of done.filter((other) => !alone.includes(other)))
      desk.say(`left out: ${exercise.id}, which imports ${needs(exercise).join(', ')}`)
    desk.say(`${alone.length} exercises written to ${shown(folder)}`)
    return 0
  },
}

function isFinished(desk: Desk, exercise: Exercise): boolean {
  return exercise.kind !== 'lab' && noted(desk, exercise).doneAt !== undefined && existsSync(mainFile(exercise))
}

/** What it imports besides node:* and its own contract. */
function needs(exercise: Exercise): string[] {
  const code = [mainFile(exercise), join(exercise.folder, 'contract.ts')]
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
  const imports = [...code.matchAll(/(?:from|import) '([^']+)'/g)].map(([, name = '']) => name)
  return [...new Set(imports.filter((name) => !/^(node:|\.\/contract\.ts$)/.test(name)))]
}

function filesOf(exercises: readonly Exercise[]): Record<string, string> {
  const files: Record<string, string> = {}
  for (const exercise of exercises) {
    const name = nameOf(exercise)
    const code = readFileSync(mainFile(exercise), 'utf8')
    files[`src/${name}.ts`] = code.replaceAll("'./contract.ts'", `'./${name}.contract.ts'`)
    files[`src/${name}.contract.ts`] = readFileSync(join(exercise.folder, 'contract.ts'), 'utf8')
  }
  const exported = exercises.map((exercise) => `export * as ${camel(nameOf(exercise))} from './${nameOf(exercise)}.ts'`)
  const list = exercises.map((exercise) => `- ${exercise.title}: \`src/${nameOf(exercise)}.ts\``)
  files['src/index.ts'] = `${exported.join('\n')}\n`
  files['README.md'] = `# My streams\n\nBuilt from scratch, layer by layer.\n\n${list.join('\n')}\n`
  files['package.json'] =
    `${JSON.stringify({ name: 'my-streams', version: '0.0.0', private: true, type: 'module', exports: './src/index.ts' }, null, 2)}\n`
  return files
}

/** `02-one-chunk` becomes `one-chunk`. */
function nameOf({ slug }: Exercise): string {
  return slug.replace(/^\d+-/, '')
}

function camel(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}
