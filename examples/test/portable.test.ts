import { fileURLToPath } from 'node:url'
import { run } from '@sse-from-scratch/testkit'
import { expect, test } from 'vitest'

test('what the portable entries promise holds on this Node; npm run test:matrix -- deno bun asks the others', async () => {
  const args = ['--conditions=@sse-from-scratch/source', '--import', 'tsx', 'examples/portable/checks.ts']
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  const env = { NODE_OPTIONS: undefined }
  const { code, stdout } = await run(process.execPath, args, { cwd, env, timeout: 170_000 })
  expect(stdout).toMatch(/Node: all \d+ hold\n$/)
  expect(code).toBe(0)
}, 180_000)
