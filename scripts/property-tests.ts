import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

/** The test files with properties in them: those that import fast-check. */
export function propertyTests(): string[] {
  const packages = join(ROOT, 'packages')
  const tests = readdirSync(packages).flatMap((name) => filesIn(join(packages, name, 'test')))
  return tests.filter((file) => readFileSync(file, 'utf8').includes("from 'fast-check'"))
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(folder, name))
}

/**
 * Runs these test files with a seed.
 *
 * @returns whether they passed; what they printed is on the terminal when they did not
 */
export function passWithSeed(files: readonly string[], seed: number): boolean {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs')
  const args = [vitest, 'run', ...files.map((file) => relative(ROOT, file))]
  const env = { ...process.env, SEED: `${seed}` }
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, env, encoding: 'utf8' })
  if (status !== 0) console.log(stdout)
  return status === 0
}
