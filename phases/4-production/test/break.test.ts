import { fileURLToPath } from 'node:url'
import { run } from '@sse-from-scratch/testkit'
import { describe, expect, test } from 'vitest'
import { BREAKAGES } from '../labs/break/breakages.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** What our own client makes of each. */
const HEARD: Readonly<Record<string, string>> = {
  chunk: 'this repository: "one"; an error: CHUNKED_BAD_SIZE, ',
  kill: 'this repository: "one" "two"; an error: CHUNKED_INCOMPLETE, ',
  'blank-line': 'this repository: "one"; a clean end',
  character: 'this repository: "wörld"; a clean end',
}

describe('what is broken on purpose', { timeout: 180_000 }, () => {
  test.concurrent.each(Object.entries(HEARD))(
    '%s: our client says what is wrong, or hears what is right',
    async (name, line) => {
      const [first, ...others] = await linesOf(name)
      expect(first).toContain(line)
      expect(others).toHaveLength(3)
    },
  )

  test.concurrent('reader: the server is told to wait, and keeps what it was given then', async () => {
    const lines = await linesOf('reader')
    expect(lines[0]).toContain('has not read a byte')
    expect(lines[1]).toMatch(/write\(\) says false, and \d+\.\d MB wait in its memory/)
  })

  test('each has a name of its own', () => {
    expect(new Set(BREAKAGES.map(({ name }) => name))).toEqual(new Set([...Object.keys(HEARD), 'reader']))
    expect(BREAKAGES).toHaveLength(Object.keys(HEARD).length + 1)
  })
})

test('in a pipe the x-ray prints what it sees, ends by itself, and the clients have the last word', {
  timeout: 180_000,
}, async () => {
  const args = [
    '--conditions=@sse-from-scratch/source',
    '--import',
    'tsx',
    'scripts/course/main.ts',
    'break',
    'character',
  ]
  const { stdout, stderr, code } = await run(process.execPath, args, { cwd: ROOT, timeout: 170_000 })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/▼sse {3}message: wörld[\s\S]*What came of it:[\s\S]*this repository: "wörld"; a clean end/)
})

/** What its clients and its server say, without an x-ray in between. */
async function linesOf(name: string): Promise<readonly string[]> {
  const breakage = BREAKAGES.find((each) => each.name === name)
  if (breakage === undefined) throw new Error(`nothing is broken as ${name}`)
  await using served = await breakage.serve()
  const lines = await breakage.ask(`http://127.0.0.1:${served.port}`)
  return [...lines, ...(served.notes ?? [])]
}
