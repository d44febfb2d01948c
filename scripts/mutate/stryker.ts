import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT } from '../course/exercises.ts'

/** The last one for Node 20: Stryker 10 wants 22. */
const VERSION = '9.6.1'
const PACKAGES = ['@stryker-mutator/core', '@stryker-mutator/vitest-runner']
/** Below the repository, so that its runner finds the vitest of the repository, and not one of its own. */
const HOME = join(ROOT, '.cache', `stryker-${VERSION}`)
const PROGRAM = join(HOME, 'node_modules/@stryker-mutator/core/bin/stryker.js')
const RUNNER = join(HOME, 'node_modules/@stryker-mutator/vitest-runner/dist/src/index.js')

/**
 * Fetches Stryker when it is not there, 65 MB that no other command needs (docs/decisions/0028).
 *
 * @throws Error when npm cannot
 */
export function fetchStryker(): void {
  if (existsSync(PROGRAM)) return
  mkdirSync(HOME, { recursive: true })
  writeFileSync(join(HOME, 'package.json'), '{ "private": true }\n')
  console.log(`fetching Stryker ${VERSION} into ${HOME}`)
  const wanted = PACKAGES.map((name) => `${name}@${VERSION}`)
  // Without its peers: vitest is there already.
  const args = ['install', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', ...wanted]
  const [command, ...first] = npmCommand()
  const { status } = spawnSync(command, [...first, ...args], { cwd: HOME, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error('npm could not fetch Stryker: is there a network?')
}

/** npm without a shell, on every system. */
function npmCommand(): [command: string, ...first: string[]] {
  const { npm_execpath: running = '' } = process.env
  if (running.endsWith('npm-cli.js')) return [process.execPath, running]
  if (process.platform !== 'win32') return ['npm']
  return [process.execPath, join(dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js')]
}

/**
 * Tries every mutant of the answers of a phase.
 *
 * @param phase its folder
 * @param report where Stryker writes what it found, as JSON
 * @returns whether it came to an end
 */
export function tryMutants(phase: string, report: string, concurrency: number): boolean {
  const config = `${report}.config.json`
  mkdirSync(dirname(report), { recursive: true })
  writeFileSync(config, JSON.stringify(configuration(answersIn(phase), report, concurrency)))
  const { status } = spawnSync(process.execPath, [PROGRAM, 'run', config], { cwd: phase, stdio: 'inherit' })
  return status === 0
}

/** The answers of a phase. A test that takes code of another phase finds none in the copy of this one, and is left out. */
function answersIn(phase: string): string[] {
  return readdirSync(phase).filter((folder) => {
    const test = join(phase, folder, 'exercise.test.ts')
    return existsSync(test) && !readFileSync(test, 'utf8').includes("from '../../")
  })
}

function configuration(exercises: readonly string[], report: string, concurrency: number) {
  return {
    mutate: exercises.map((exercise) => `${exercise}/solution.ts`),
    // Words are for people: tests look at codes, and bytes are compared whole.
    mutator: { excludedMutations: ['StringLiteral'] },
    ignorePatterns: ['exercise.*', '!exercise.test.ts', 'demo.ts', 'mutants', '__failures__', 'labs', '.cache'],
    testRunner: 'vitest',
    vitest: { configFile: fileURLToPath(new URL('vitest.config.ts', import.meta.url)), related: false },
    plugins: [RUNNER],
    coverageAnalysis: 'perTest',
    tsconfigFile: 'none', // it would read the one of the repository with a TypeScript that has no such interface any more
    tempDirName: `${report}.sandbox`,
    reporters: ['progress-append-only', 'json'],
    jsonReporter: { fileName: report },
    timeoutMS: 20_000,
    concurrency,
    allowConsoleColors: false,
  }
}
