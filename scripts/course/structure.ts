import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type Exercise, PHASES, phaseFolders } from './exercises.ts'

/** What every exercise has, and what it may have besides. */
const REQUIRED = ['README.md', 'contract.ts', 'exercise.test.ts', 'hints.md', 'solution.ts', 'demo.ts', 'mutants']
const ALLOWED = ['package.ts', '__failures__', 'samples']
/** The stack of the capstone: the floor below it, and the learner's own files. */
const CAPSTONE_ALLOWED = ['connect.ts', 'your-layers.ts']
const LAB_REQUIRED = ['README.md', 'lab.ts', 'answers.stub.ts', 'answers.solution.ts', 'answers.test.ts', 'replay']
const LAB_ALLOWED = ['hints.md', 'contract.ts', 'record.ts', 'samples', 'configs']

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

/** What is wrong with the files of an exercise or a lab. */
export function structureProblems(exercise: Exercise): string[] {
  const { folder, kind } = exercise
  const names = readdirSync(folder)
  const isLab = kind === 'lab'
  const missing = missingFiles(names, isLab ? LAB_REQUIRED : REQUIRED, isLab ? 'answers.stub.ts' : 'stub.ts')
  const known = [...REQUIRED, ...ALLOWED, ...(kind === 'capstone' ? CAPSTONE_ALLOWED : [])]
  const stray = strayFiles(exercise, names, isLab ? [...LAB_REQUIRED, ...LAB_ALLOWED] : known)
  if (missing.length > 0) return [...missing, ...stray, ...headingProblems(exercise)]
  if (isLab) return [...stray, ...headingProblems(exercise)]
  return [
    ...stray,
    ...headingProblems(exercise),
    ...briefProblems(exercise),
    ...solutionProblems(exercise),
    ...mutantCount(exercise),
    ...strayGoldens(exercise),
  ]
}

function missingFiles(names: readonly string[], required: readonly string[], stub: string): string[] {
  return [...required, stub].filter((name) => !names.includes(name)).map((name) => `${name} is missing`)
}

/** What a learner writes, and what the stubs of it are, belongs there; a test that looks at a second file has it in `samples`. */
function strayFiles({ work }: Exercise, names: readonly string[], known: readonly string[]): string[] {
  const own = new Set([...known, ...work.flatMap(({ stub, mine }) => [stub, mine, stub.replace('stub.', 'solution.')])])
  return names.filter((name) => !own.has(name) && !name.endsWith('.tmp')).map((name) => `${name} does not belong here`)
}

function headingProblems({ folder, id, title, slug, phase, kind }: Exercise): string[] {
  const brief = readFileSync(join(folder, 'README.md'), 'utf8')
  const heading = `# ${id} · ${title}`
  const number = phase.split('-')[0]
  const expected = kind === 'lab' ? `${slug.split('-')[0]}` : `${number}.${Number(slug.slice(0, 2))}`
  return [
    ...(brief.includes(`\n${heading}\n`) ? [] : [`the brief's first heading is not "${heading}"`]),
    ...(id === expected ? [] : [`its folder says ${expected}`]),
  ]
}

function briefProblems({ folder }: Exercise): string[] {
  const brief = readFileSync(join(folder, 'README.md'), 'utf8')
  const headings = [...brief.matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading)
  const order = headings.join(' · ') === BLOCKS.join(' · ') ? [] : [`the brief's blocks are ${headings.join(' · ')}`]
  const answers = [...brief.matchAll(/^- \[x\] /gm)].length
  const hidden =
    /^## Predict\n[^#]*<details><summary>[^\n]*<\/summary>\n\n- \[x\] [^#]*^Because: [^#]*<\/details>/m.test(brief)
  const prediction =
    answers === 1 && hidden
      ? []
      : ['Predict needs one answer with [x], and a line "Because: …", both within <details><summary>…</summary>']
  return [...order, ...prediction]
}

function solutionProblems({ folder, phase, solution: name }: Exercise): string[] {
  const solution = readFileSync(join(folder, name), 'utf8')
  const lines = solution.trimEnd().split('\n').length
  const imports = [...solution.matchAll(/(?:from|import) '([^']+)'/g)].map(([, from = '']) => from)
  const taught = packagesUntil(phase)
  const foreign = imports.filter((from) => !/^(node:|\.\/contract\.ts$)/.test(from) && !taught.has(packageOf(from)))
  const stub = readFileSync(join(folder, 'stub.ts'), 'utf8')
  return [
    ...(lines > LONGEST_SOLUTION ? [`the answer has ${lines} lines, more than ${LONGEST_SOLUTION}`] : []),
    ...foreign.map((from) => `the answer imports ${from}`),
    ...(stub.includes('todo(') ? [] : ['the stub does not call todo()']),
  ]
}

/** The packages that a phase and those before it introduce or use, and the kit. */
function packagesUntil(phase: string): Set<string> {
  const folders = phaseFolders()
  const names = folders.slice(0, folders.indexOf(phase) + 1).flatMap((folder) => {
    const { dependencies = {} } = JSON.parse(readFileSync(join(PHASES, folder, 'package.json'), 'utf8'))
    return Object.keys(dependencies)
  })
  return new Set([...names, '@sse-from-scratch/course'])
}

/** `@sse-from-scratch/sse-client/decoder` is a door of `@sse-from-scratch/sse-client`. */
function packageOf(specifier: string): string {
  return specifier.split('/').slice(0, 2).join('/')
}

/** What `#ex/…` and `#lab/…` mean in a phase, for Node, tsx and the editor; `npm run course` and they must agree. */
const IMPORTS = {
  '#ex/*': { stub: './*/stub.ts', solution: './*/solution.ts', package: './*/package.ts', default: './*/exercise.ts' },
  '#lab/*': {
    stub: './labs/*/answers.stub.ts',
    solution: './labs/*/answers.solution.ts',
    default: './labs/*/answers.ts',
  },
}

/** What is wrong with the `imports` of a phase's package.json. */
export function importsProblems(phase: string): string[] {
  const { imports = {} } = JSON.parse(readFileSync(join(PHASES, phase, 'package.json'), 'utf8'))
  const keys = existsSync(join(PHASES, phase, 'labs')) ? (['#ex/*', '#lab/*'] as const) : (['#ex/*'] as const)
  return keys
    .filter((key) => !isDeepStrictEqual(imports[key], IMPORTS[key]))
    .map((key) => `${phase}/package.json: "${key}" in "imports" is not ${JSON.stringify(IMPORTS[key])}`)
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
