// npm run test:phase <n> [-- vitest args…]: the tests of one phase of the course and of the packages it introduces, and those
// of its exercises against your own files, where you have written any.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const SCOPE = '@sse-from-scratch/'

const { phase, listOnly, rest } = readArguments(process.argv.slice(2))
const phases = readPhases()
const chosen = phases.find(({ number }) => number === phase)
if (chosen === undefined) {
  console.error(`test:phase: there is no phase ${phase}. Phases: ${describe()}`)
  process.exit(2)
}
const projects = [...chosen.introduces, `phase-${chosen.folder}`]
const begun = begunIn(chosen.folder)
const yours =
  begun.length > 0
    ? `, then those of your own files: ${begun.join(', ')}`
    : ', and none of your own: you have written nothing here yet'
console.log(`phase ${phase}: runs the tests of ${projects.join(', ')}${yours}`)
if (listOnly) process.exit(0)

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const selection = projects.flatMap((name) => ['--project', name])
// A phase whose exercises are not written yet still has the packages it introduces.
const args = [vitest, 'run', '--passWithNoTests', ...selection, ...rest]
const packages = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1
const own = begun.length > 0 ? checkOwn() : 0
process.exit(packages || own)

/** The course says what came of it. */
function checkOwn() {
  console.log(`\nyour own files: ${begun.join(', ')}\n`)
  const course = ['--conditions=@sse-from-scratch/source', '--import', 'tsx', 'scripts/course/main.ts']
  const words = ['check', phase, '--begun']
  return spawnSync(process.execPath, [...course, ...words], { cwd: root, stdio: 'inherit' }).status ?? 1
}

/**
 * The exercises and labs of a phase in which the learner has written something.
 * @param {string} folder
 * @returns {string[]}
 */
function begunIn(folder) {
  const phaseFolder = join(root, 'phases', folder)
  return ['', 'labs'].flatMap((group) => {
    const parent = join(phaseFolder, group)
    return existsSync(parent) ? readdirSync(parent).filter((name) => isBegun(join(parent, name))) : []
  })
}

/** @param {string} exercise */
function isBegun(exercise) {
  const [mine, stub] = existsSync(join(exercise, 'lab.ts'))
    ? ['answers.ts', 'answers.stub.ts']
    : ['exercise.ts', 'stub.ts']
  const [written, given] = [join(exercise, mine), join(exercise, stub)]
  return existsSync(written) && readFileSync(written, 'utf8') !== readFileSync(given, 'utf8')
}

/** @param {string[]} args */
function readArguments(args) {
  const [first] = args
  if (first === undefined || first === '--help' || first === '-h') {
    console.log(`npm run test:phase <n>            the tests of a phase and of the packages it introduces, and of your own files in it
npm run test:phase <n> -- --list  only say which these are
npm run test:phase <n> -- -t name more arguments go to vitest

Phases: ${describe()}`)
    process.exit(first === undefined ? 2 : 0)
  }
  return { phase: first, listOnly: args.includes('--list'), rest: args.slice(1).filter((arg) => arg !== '--') }
}

/** What a phase introduces: the packages that it depends on and no earlier phase does. */
function readPhases() {
  /** @type {Set<string>} */
  const known = new Set()
  return readdirSync(join(root, 'phases'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^\d+-/.test(entry.name))
    .map(({ name: folder }) => ({ folder, number: folder.slice(0, folder.indexOf('-')) }))
    .sort((a, b) => Number(a.number) - Number(b.number))
    .map(({ folder, number }) => {
      const { dependencies = {} } = JSON.parse(readFileSync(join(root, 'phases', folder, 'package.json'), 'utf8'))
      const introduces = Object.keys(dependencies)
        .filter((name) => name.startsWith(SCOPE) && !known.has(name))
        .map((name) => name.slice(SCOPE.length))
      for (const name of introduces) known.add(SCOPE + name)
      return { folder, number, introduces }
    })
}

function describe() {
  return readPhases()
    .map(({ folder, number }) => `${number} (${folder.slice(number.length + 1)})`)
    .join(', ')
}
