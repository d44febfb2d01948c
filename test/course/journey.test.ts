import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { run } from '../../packages/testkit/src/index.ts'
import { type Exercise, findExercises } from '../../scripts/course/exercises.ts'
import { ROOT } from '../tree.ts'

// The course from the first command to the last word, in a fresh clone: what a learner sees who always writes what the answer says.

const clone = mkdtempSync(join(tmpdir(), 'course-journey-'))
afterAll(() => rmSync(clone, { recursive: true, force: true }))

/** The repository as it is committed, with what is installed here. */
const cloned = existsSync(join(ROOT, '.git')) && git('clone', '--quiet', '--no-hardlinks', ROOT, clone)
if (cloned) install()

describe.skipIf(!cloned)('a learner who comes to a fresh clone', () => {
  // Of the clone: what is not committed yet is not there.
  const exercises = findExercises().filter(({ folder, solution }) => existsSync(inClone(join(folder, solution))))

  test('is told where to begin, and finds everything not started', async () => {
    const { code, stdout } = await course('list')
    expect(code).toBe(0)
    expect(stdout).toMatch(/ 0\/\d+ /)
    expect(stdout).not.toContain('✓ done')
    expect((await course('start')).stdout).toContain(`${exercises.length} exercises. Next: npm run course`)
  })

  test('hears that nothing is begun, and that it is done when it is', { timeout: 600_000 }, async () => {
    const [first] = exercises as [Exercise, ...Exercise[]]
    expect((await course('next')).stdout).toContain(
      `write    ${relative(ROOT, first.folder).replaceAll('\\', '/')}/exercise.ts`,
    )
    const before = await course('check')
    expect(before).toMatchObject({ code: 1, stdout: expect.stringContaining(`not started: ${first.id} `) })
    solve(first)
    const after = await course('check')
    expect(after).toMatchObject({ code: 0, stdout: expect.stringMatching(/✓ ([\d.]+ is done. Next: |1\/1: )/) })
  })

  test('comes to the end, phase by phase, and to the last word', { timeout: 1_800_000 }, async () => {
    for (const exercise of exercises) solve(exercise)
    let last = ''
    for (const phase of new Set(exercises.map((exercise) => exercise.phase))) {
      const { code, stdout } = await course('check', phase)
      expect(code, stdout).toBe(0)
      last = stdout
    }
    expect(last).toContain(`✓ ${exercises.length}/${exercises.length}: you have built it all.`)
  })

  test('has left no trace that git sees', () => {
    const { stdout } = spawnSync('git', ['status', '--porcelain'], { cwd: clone, encoding: 'utf8' })
    expect(stdout.split('\n').filter((line) => line !== '' && !line.includes('node_modules'))).toEqual([])
  })
})

function git(...args: readonly string[]): boolean {
  return spawnSync('git', args, { stdio: 'ignore' }).status === 0
}

/** What `npm run setup` does, without a network: the same links, to the same files. */
function install(): void {
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'), 'junction')
  for (const group of ['packages', 'phases'])
    for (const name of readdirSync(join(clone, group))) {
      const installed = join(ROOT, group, name, 'node_modules')
      if (!existsSync(installed)) continue
      cpSync(installed, join(clone, group, name, 'node_modules'), { recursive: true, verbatimSymlinks: true })
    }
}

function inClone(path: string): string {
  return join(clone, relative(ROOT, path))
}

/** Writes what the answer says. */
function solve({ folder, work, solution }: Exercise): void {
  for (const { stub, mine } of work) {
    const answer = solution.startsWith('answers') ? solution : stub.replace('stub.', 'solution.')
    cpSync(inClone(join(folder, answer)), inClone(join(folder, mine)))
  }
}

function course(...args: readonly string[]) {
  const cli = [
    '--conditions=@sse-from-scratch/source',
    '--import',
    import.meta.resolve('tsx'),
    'scripts/course/main.ts',
  ]
  const env = { NODE_OPTIONS: undefined, VITEST: undefined, FORCE_COLOR: undefined }
  return run(process.execPath, [...cli, ...args], { cwd: clone, env, timeout: 580_000 })
}
