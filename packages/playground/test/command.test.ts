import { fileURLToPath } from 'node:url'
import { listen } from '@sse-from-scratch/tcp-echo'
import { run, start } from '@sse-from-scratch/testkit'
import { describe, expect, test } from 'vitest'

const NO_KEYS = {
  OPENAI_API_KEY: undefined,
  ANTHROPIC_API_KEY: undefined,
  LLM_BASE_URL: undefined,
  LLM_API_KEY: undefined,
}
const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const NODE = ['--conditions=@sse-from-scratch/source', '--import', 'tsx', MAIN]
const options = { cwd: fileURLToPath(new URL('../../..', import.meta.url)), env: NO_KEYS, timeout: 20_000 }

describe('the command behind npm start', () => {
  test('a taken port ends it with a sentence and exit code 1', async () => {
    await using taken = await listen(() => {})
    const { port } = taken.address
    const { code, stderr } = await run(process.execPath, [...NODE, '--port', `${port}`], options)
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `Port ${port} is taken by another program. Leave --port out, or use --port 0 for any free one.\n`,
    })
  })

  test('a base URL where nobody listens ends it with a sentence and exit code 1', async () => {
    const listener = await listen(() => {})
    const base = `http://127.0.0.1:${listener.address.port}/v1`
    await listener[Symbol.asyncDispose]()
    const env = { ...NO_KEYS, LLM_BASE_URL: base }
    const { code, stderr } = await run(process.execPath, [...NODE, '--port', '0'], { ...options, env })
    expect(code).toBe(1)
    expect(stderr).toContain(new URL(base).origin)
  })

  test('an unknown option ends it with a sentence and exit code 1', async () => {
    const { code, stderr } = await run(process.execPath, [...NODE, '--colour'], options)
    expect(code).toBe(1)
    expect(stderr).toContain('--colour')
    expect(stderr).not.toContain('    at ')
  })

  test('Ctrl-C closes it with exit code 0', async () => {
    await using process_ = await start(process.execPath, [...NODE, '--port', '0'], {
      ...options,
      ready: /(http:\/\/127\.0\.0\.1:\d+)\//,
    })
    expect((await fetch(process_.match[1] ?? '')).status).toBe(200)
    expect(await process_.stop('SIGINT')).toMatchObject({ code: 0, killedBy: null })
  })
})
