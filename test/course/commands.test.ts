import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { run, start } from '../../packages/testkit/src/index.ts'
import { ROOT } from '../tree.ts'
import { copyCourse, QUIET, TSX } from './course-copy.ts'

// Each starts the course as a program, most of them more than once.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 120_000 })

// The commands that stay, and those that write: what a learner sees of them.

const copy = copyCourse([2, 4])
afterAll(() => copy[Symbol.dispose]())
const solve = () => copy.write(2, readFileSync(join(copy.folder(2), 'solution.ts'), 'utf8'))

test('the watch session tests what is saved, and does what is typed', { timeout: 600_000 }, async () => {
  using own = copyCourse([2, 4])
  cpSync(join(ROOT, 'test/course/fixtures/session.ts'), join(own.root, 'test/course/fixtures/session.ts'))
  const { code, stdout, stderr } = await run(process.execPath, [...TSX, 'test/course/fixtures/session.ts', '--poll'], {
    cwd: own.root,
    env: QUIET,
    timeout: 590_000,
  })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.trim().split('\n').slice(-5)).toEqual([
    'u brings it back',
    'what was written is there',
    't tests',
    'n goes on',
    'q ends it',
  ])
  expect(stdout).toContain('the demo of 1.2 has run')
  expect(stdout).toContain('the stub is there')
})

test('watch prints in a pipe, with --poll, and Ctrl-C ends it', { timeout: 600_000 }, async () => {
  copy.write(2, '// begun\n')
  const args = [...TSX, 'scripts/course/main.ts', 'watch', '1.2', '--poll']
  const options = { cwd: copy.root, env: QUIET, ready: /waiting for a change of/, readyTimeout: 280_000 }
  await using watching = await start(process.execPath, args, options)
  expect(watching.output).toContain('There is no function encodeChunk exported')
  const { code } = await watching.stop()
  expect(code).toBe(0)
})

test('in a pipe the course tests once, says what is next, and ends', { timeout: 600_000 }, async () => {
  copy.write(2, '// begun\n')
  await copy.course(['goto', '1.2'])
  const { code, stdout, stderr } = await copy.course([])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('There is no function encodeChunk exported')
  expect(stdout).toMatch(/npm run course watch +test it whenever you save\n$/)
})

describe.skipIf(spawnSync('git', ['--version']).error !== undefined)('save', () => {
  test('commits what is the learner’s to a repository of their own, and nothing twice', async () => {
    solve()
    const git = (...args: string[]) => run('git', [`--git-dir=${copy.root}/.course/mine.git`, ...args])
    expect(await copy.course(['save', 'my', 'words'])).toMatchObject({ code: 0, stderr: '' })
    expect((await git('log', '--format=%s')).stdout).toBe('my words\n')
    expect((await git('ls-files')).stdout + (await git('ls-tree', '-r', '--name-only', 'HEAD')).stdout).toContain(
      'phases/1-chunked/02-one-chunk/exercise.ts',
    )
    expect((await copy.course(['save'])).stdout).toContain('Nothing has changed since the last save.')
  })
})

test('new makes an exercise that keeps every promise from the first minute on', { timeout: 600_000 }, async () => {
  const { code, stdout } = await copy.course(['new', '1', 'a-good-name'])
  expect(code, stdout).toBe(0)
  expect(stdout).toContain('made phases/1-chunked/01-a-good-name')
  expect(stdout).toContain('1 exercises, 4 mutants, 0 problems')
})

test('test:phase runs the learner’s own files when there are any, and says so', async () => {
  solve()
  const args = ['scripts/test-phase.mjs', '1', '--list']
  const { code, stdout } = await run(process.execPath, args, { cwd: copy.root, env: QUIET })
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('your own files: 02-one-chunk') })
})
