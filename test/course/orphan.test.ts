import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { copyCourse, QUIET, TSX } from './course-copy.ts'

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test.skipIf(process.platform === 'win32')(
  'code that loops without an end does not outlive a course that is killed',
  { timeout: 300_000 },
  async () => {
    using copy = copyCourse([2])
    const note = join(copy.root, 'pids')
    // It looks at its events, so that no watchdog ends it.
    const loop = `const again = () => setImmediate(again)\nagain()\nawait new Promise(() => {})\n`
    copy.write(
      2,
      `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(note)}, process.pid + ' ' + process.ppid)\n${loop}`,
    )
    const course = spawn(process.execPath, [...TSX, 'scripts/course/main.ts', 'check', '1.2'], {
      cwd: copy.root,
      env: { ...process.env, ...QUIET },
      stdio: 'ignore',
    })
    try {
      const patience = { timeout: 140_000, interval: 100 }
      await vi.waitFor(() => expect(existsSync(note) && readFileSync(note, 'utf8')).toMatch(/^\d+ \d+$/), patience)
      const [worker = 0, tests = 0] = readFileSync(note, 'utf8').split(' ').map(Number)
      expect([worker, tests].map(isAlive)).toEqual([true, true])
      course.kill('SIGKILL')
      await vi.waitFor(() => expect([worker, tests].map(isAlive)).toEqual([false, false]), patience)
    } finally {
      course.kill('SIGKILL')
    }
  },
)
