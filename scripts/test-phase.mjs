// npm run test:phase <n> [-- vitest args…]: the tests of one phase of the course and of the packages it introduces.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
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
console.log(`phase ${phase}: runs the tests of ${projects.join(', ')}`)
if (listOnly) process.exit(0)

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const selection = projects.flatMap((name) => ['--project', name])
// A phase whose exercises are not written yet still has the packages it introduces.
const args = [vitest, 'run', '--passWithNoTests', ...selection, ...rest]
process.exit(spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1)

/** @param {string[]} args */
function readArguments(args) {
  const [first] = args
  if (first === undefined || first === '--help' || first === '-h') {
    console.log(`npm run test:phase <n>            the tests of a phase and of the packages it introduces
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
