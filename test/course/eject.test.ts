import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type RunResult, run } from '../../packages/testkit/src/index.ts'
import { type Exercise, findExercises } from '../../scripts/course/exercises.ts'
import { ROOT } from '../tree.ts'

// Each starts the course as a program, most of them more than once.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 120_000 })

// A learner takes their own stack along: out of the course, packed, installed elsewhere, and used there.

const course = mkdtempSync(join(tmpdir(), 'course-eject-'))
const elsewhere = mkdtempSync(join(tmpdir(), 'course-elsewhere-'))
afterAll(() => {
  for (const folder of [course, elsewhere]) rmSync(folder, { recursive: true, force: true })
})

const STACK = ['0.4', '1.4', '2.3', '3.2', '3.4', '3.8']
const exercises = findExercises().filter(({ id }) => [...STACK, '1.5'].includes(id))

beforeAll(() => {
  for (const name of ['node_modules', 'packages']) symlinkSync(join(ROOT, name), join(course, name), 'junction')
  cpSync(join(ROOT, 'package.json'), join(course, 'package.json'))
  for (const name of ['scripts/course', 'phases'])
    cpSync(join(ROOT, name), join(course, name), {
      recursive: true,
      filter: (file) => !/[\\/](node_modules|exercise\.\w+)$/.test(file),
    })
  for (const exercise of exercises) solve(exercise)
})

describe('a stack that is done', () => {
  const folder = join(elsewhere, 'sea-streams')

  test('is written with the name of its folder, and what cannot come along is named', {
    timeout: 600_000,
  }, async () => {
    remember(exercises)
    const { code, stdout, stderr } = await command('eject', folder)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('left out: 1.5, which imports @sse-from-scratch/')
    expect(stdout).toContain('6 exercises written to ')
    expect(stdout).not.toContain('The compiler')
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name).toBe('sea-streams')
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain("import { ask } from 'sea-streams'")
  })

  test('passes its own tests there', async () => {
    const { code, stdout } = await run(process.execPath, ['--test', 'test/exports.test.js', 'test/stack.test.js'], {
      cwd: folder,
      env: QUIET,
    })
    expect(code, stdout).toBe(0)
    expect(stdout).toMatch(/pass 8\n/)
  })

  test('is packed and installed without a network, and answers in a project of its own', { timeout: 600_000 }, () => {
    const [tarball = ''] = npm(folder, 'pack', '--silent', '--pack-destination', elsewhere).trim().split('\n')
    const project = join(elsewhere, 'project')
    mkdirSync(project)
    writeFileSync(join(project, 'package.json'), '{"name":"project","private":true,"type":"module"}\n')
    npm(project, 'install', '--silent', '--offline', '--no-audit', '--no-fund', join(elsewhere, tarball))
    cpSync(join(folder, 'test/stack.test.js'), join(project, 'stack.test.js'))
    const { status, stdout } = spawnSync(process.execPath, ['--test', 'stack.test.js'], {
      cwd: project,
      encoding: 'utf8',
      env: { ...process.env, ...QUIET },
    })
    expect(status, stdout).toBe(0)
  })

  test('is never written over what is there', async () => {
    const before = readFileSync(join(folder, 'README.md'), 'utf8')
    const { code, stderr } = await command('eject', folder)
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('nothing is written over') })
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe(before)
  })
})

describe('a stack that is not done', () => {
  test('comes without ask(), and the exercises that it lacks are named', { timeout: 600_000 }, async () => {
    remember(exercises.filter(({ id }) => id === '1.4' || id === '2.3'))
    const { code, stdout } = await command('eject', join(elsewhere, 'half'))
    expect(code, stdout).toBe(0)
    expect(stdout).toContain('For the whole stack it lacks 0.4, 3.2, 3.4, 3.8')
    expect(readdirSync(join(elsewhere, 'half/src')).sort()).toEqual([
      'index.ts',
      'parser-line-by-line.contract.ts',
      'parser-line-by-line.ts',
      'the-decoder.contract.ts',
      'the-decoder.ts',
    ])
  })

  test('is none at all before an exercise is done, and a name must be one', async () => {
    remember([])
    expect((await command('eject', join(elsewhere, 'none'))).stderr).toContain('no finished exercise stands alone yet')
    expect((await command('eject', join(elsewhere, 'My Streams'))).stderr).toContain('is no name for a package')
    expect(existsSync(join(elsewhere, 'none'))).toBe(false)
  })
})

const QUIET = { NODE_OPTIONS: undefined, VITEST: undefined, FORCE_COLOR: undefined, NODE_TEST_CONTEXT: undefined }

function command(...args: readonly string[]): Promise<RunResult> {
  const flags = ['--conditions=@sse-from-scratch/source', '--import', import.meta.resolve('tsx')]
  return run(process.execPath, [...flags, 'scripts/course/main.ts', ...args], {
    cwd: course,
    env: QUIET,
    timeout: 600_000,
  })
}

/** Writes what the answer says. */
function solve({ folder, solution }: Exercise): void {
  const copy = join(course, relative(ROOT, folder))
  cpSync(join(copy, solution), join(copy, 'exercise.ts'))
}

/** As after `course check`, which the journey has. */
function remember(done: readonly Exercise[]): void {
  mkdirSync(join(course, '.course'), { recursive: true })
  const entries = done.map(({ id }) => [id, { doneAt: '2026-11-20T00:00:00.000Z' }])
  const state = { version: 1, exercises: Object.fromEntries(entries) }
  writeFileSync(join(course, '.course/state.json'), JSON.stringify(state))
}

function npm(cwd: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`npm ${args[0]} ended with ${status}: ${stderr}`)
  return stdout
}
