import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Exercise } from './exercises.ts'

/** What an exercise's folder may hold. */
const KNOWN: ReadonlySet<string> = new Set([
  'README.md',
  'contract.ts',
  'stub.ts',
  'exercise.ts',
  'exercise.test.ts',
  'hints.md',
  'solution.ts',
  'package.ts',
  'demo.ts',
  'mutants',
  '__failures__',
  'samples',
])
const REQUIRED = [
  'README.md',
  'contract.ts',
  'stub.ts',
  'exercise.test.ts',
  'hints.md',
  'solution.ts',
  'demo.ts',
  'mutants',
]

/** The brief's eight blocks, in this order. */
export const BLOCKS: readonly string[] = [
  'Why you care',
  'Predict',
  'Picture',
  'Build',
  'Prove',
  'Look',
  'Break it',
  'What the package adds',
]
const LONGEST_SOLUTION = 60
const FEWEST_MUTANTS = 4

/** What is wrong with the files of an exercise. */
export function structureProblems(exercise: Exercise): string[] {
  const { folder } = exercise
  const names = readdirSync(folder)
  const missing = REQUIRED.filter((name) => !names.includes(name)).map((name) => `${name} is missing`)
  const stray = names.filter((name) => !KNOWN.has(name)).map((name) => `${name} does not belong here`)
  if (missing.length > 0) return [...missing, ...stray]
  return [
    ...stray,
    ...briefProblems(exercise),
    ...solutionProblems(folder),
    ...mutantCount(exercise),
    ...strayGoldens(exercise),
  ]
}

function briefProblems({ folder, id, title, slug, phase }: Exercise): string[] {
  const brief = readFileSync(join(folder, 'README.md'), 'utf8')
  const headings = [...brief.matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading)
  const order = headings.join(' · ') === BLOCKS.join(' · ') ? [] : [`the brief's blocks are ${headings.join(' · ')}`]
  const heading = brief.includes(`\n# ${id} · ${title}\n`)
    ? []
    : [`the brief's first heading is not "# ${id} · ${title}"`]
  const expected = `${phase.split('-')[0]}.${Number(slug.slice(0, 2))}`
  const number = id === expected ? [] : [`its folder says ${expected}`]
  const answers = [...brief.matchAll(/^- \[x\] /gm)].length
  const prediction =
    answers === 1 && /^Because: /m.test(brief) ? [] : ['Predict needs one answer with [x], and a line "Because: …"']
  return [...order, ...heading, ...number, ...prediction]
}

function solutionProblems(folder: string): string[] {
  const solution = readFileSync(join(folder, 'solution.ts'), 'utf8')
  const lines = solution.trimEnd().split('\n').length
  const imports = [...solution.matchAll(/from '([^']+)'/g)].map(([, name = '']) => name)
  const foreign = imports.filter((name) => !/^(node:|\.\/contract\.ts$|@sse-from-scratch\/)/.test(name))
  const stub = readFileSync(join(folder, 'stub.ts'), 'utf8')
  return [
    ...(lines > LONGEST_SOLUTION ? [`the answer has ${lines} lines, more than ${LONGEST_SOLUTION}`] : []),
    ...foreign.map((name) => `the answer imports ${name}`),
    ...(stub.includes('todo(') ? [] : ['the stub does not call todo()']),
  ]
}

function mutantCount({ mutants }: Exercise): string[] {
  return mutants.length < FEWEST_MUTANTS ? [`${mutants.length} mutants, fewer than ${FEWEST_MUTANTS}`] : []
}

function strayGoldens({ folder, mutants }: Exercise): string[] {
  const goldens = join(folder, '__failures__')
  if (!existsSync(goldens)) return []
  const names = readdirSync(goldens).map((name) => name.replace(/\.txt$/, ''))
  return names.filter((name) => !mutants.includes(name)).map((name) => `__failures__/${name}.txt belongs to no mutant`)
}
