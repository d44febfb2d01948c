import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { run } from '../src/index.ts'

const vitest = join(fileURLToPath(import.meta.resolve('vitest')), '../../vitest.mjs')
const config = join(import.meta.dirname, 'fixtures/vitest.config.ts')

async function runFixture(file: string, env: Record<string, string | undefined> = {}) {
  const { code, stdout, stderr } = await run(process.execPath, [vitest, 'run', '--config', config, file], {
    cwd: join(import.meta.dirname, 'fixtures'),
    env: { NO_COLOR: '1', FORCE_COLOR: undefined, REQUIRE_PEERS: undefined, STAGES_FAILED: undefined, ...env },
    timeout: 170_000,
  })
  const lines = stdout.trimEnd().split('\n')
  return { code, output: stdout + stderr, lastLine: lines.at(-1) }
}

describe('the end of a run', { timeout: 180_000 }, () => {
  const hidden = { PEER_NGINX: 'none', PEER_REDIS: 'none' }

  test('an absent program is one named skip with its install command, and the run is green', async () => {
    const { code, output, lastLine } = await runFixture('absent-peer', hidden)
    expect(output).toMatch(/behind nginx: needs nginx \(.*nginx.*\) and redis \(.*redis.*\)/)
    expect(lastLine).toBe('tests: 1 passed, 0 failed, 1 skipped')
    expect(code).toBe(0)
  })

  test.each(['all', 'redis', 'curl, nginx'])('with REQUIRE_PEERS=%s the same skip is a failure', async (required) => {
    const { code, output, lastLine } = await runFixture('absent-peer', { ...hidden, REQUIRE_PEERS: required })
    expect(output).toContain(`REQUIRE_PEERS=${required}: needs nginx`)
    expect(lastLine).toBe('tests: 1 passed, 1 failed, 0 skipped')
    expect(code).toBe(1)
  })

  test('REQUIRE_PEERS that names other programs changes nothing', async () => {
    const { code, lastLine } = await runFixture('absent-peer', { ...hidden, REQUIRE_PEERS: 'curl' })
    expect(lastLine).toBe('tests: 1 passed, 0 failed, 1 skipped')
    expect(code).toBe(0)
  })

  test('a file that does not load counts as a failure', async () => {
    expect(await runFixture('broken-file')).toMatchObject({ code: 1, lastLine: 'tests: 0 passed, 1 failed, 0 skipped' })
  })

  test('a failed test is counted once, also when a hook of its file throws', async () => {
    expect(await runFixture('failing')).toMatchObject({ code: 1, lastLine: 'tests: 1 passed, 1 failed, 0 skipped' })
  })

  test('a test that spins without end fails the run instead of hanging it', async () => {
    const { code, output, lastLine } = await runFixture('endless', { WATCHDOG_SECONDS: '2' })
    expect(output).toMatch(/watchdog: .*endless\.fixture\.ts was busy for 2 s/)
    expect(lastLine).toMatch(/^tests: 0 passed, [1-9]\d* failed, 0 skipped$/)
    expect(code).toBe(1)
  })

  test('what failed before the tests is said again at their end', async () => {
    const { output, lastLine } = await runFixture('absent-peer', { ...hidden, STAGES_FAILED: 'types, lint' })
    expect(output).toContain('FAILED BEFORE THE TESTS: types, lint (see above)')
    expect(lastLine).toBe('tests: 1 passed, 0 failed, 1 skipped')
  })

  test('without colour there is no escape sequence in the output', async () => {
    const { output } = await runFixture('failing')
    expect(output).not.toContain('\u001b')
  })
})
