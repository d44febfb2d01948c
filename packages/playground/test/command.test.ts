import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { serve } from '@sse-from-scratch/chunked'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { listen } from '@sse-from-scratch/tcp-echo'
import { type Certificate, run, selfSignedCertificate, start } from '@sse-from-scratch/testkit'
import { describe, expect, test } from 'vitest'

const NO_KEYS = {
  OPENAI_API_KEY: undefined,
  ANTHROPIC_API_KEY: undefined,
  LLM_BASE_URL: undefined,
  LLM_API_KEY: undefined,
}
const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const NODE = ['--conditions=@sse-from-scratch/source', '--import', 'tsx', MAIN]
const options = { cwd: fileURLToPath(new URL('../../..', import.meta.url)), env: NO_KEYS }

/** TLS in front of a port that has none, as a real provider's edge. */
async function startTls(certificate: Certificate, port: number): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer(certificate, (socket) => {
    const plain = connect(port, '127.0.0.1')
    for (const [from, to] of [
      [socket, plain],
      [plain, socket],
    ] as const)
      from.on('error', () => to.destroy()).pipe(to)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close()
    },
  }
}

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

  test('a base URL where nobody listens is a warning, and an event once something is asked', async () => {
    const listener = await listen(() => {})
    const base = `http://127.0.0.1:${listener.address.port}`
    await listener[Symbol.asyncDispose]()
    const env = { ...NO_KEYS, LLM_BASE_URL: `${base}/v1` }
    await using process_ = await start(process.execPath, [...NODE, '--port', '0', '--tokens-per-second', '0'], {
      ...options,
      env,
      ready: /(http:\/\/127\.0\.0\.1:\d+)\/[\s\S]*cannot reach/,
    })
    expect(process_.output).toContain(base)
    const url = process_.match[1] ?? ''
    expect(await (await fetch(`${url}/events?prompt=hello`)).text()).toMatch(
      /event: failure[\s\S]*LLM_CONNECT[\s\S]*event: end/,
    )
    expect(await (await fetch(`${url}/events?prompt=hello&wire=anthropic`)).text()).toContain('"complete":true')
  })

  test('the name of a model cannot write to the terminal what it likes', async () => {
    await using server = await serve(async (_request, respond) => {
      await respond(
        200,
        { 'Content-Type': 'application/json' },
        JSON.stringify({ error: { message: 'a\u001b]0;b\u0007c' } }),
      )
    })
    const env = { ...NO_KEYS, LLM_BASE_URL: `http://127.0.0.1:${server.address.port}/v1`, LLM_MODEL: 'x\u001b[31my' }
    await using process_ = await start(process.execPath, [...NODE, '--port', '0'], { ...options, env, ready: /Ctrl-C/ })
    expect(process_.output).toContain('x·[31my at http')
    expect(process_.output).not.toContain('\u001b')
  })

  test('an unknown option ends it with a sentence and exit code 2', async () => {
    const { code, stderr } = await run(process.execPath, [...NODE, '--colour'], options)
    expect(code).toBe(2)
    expect(stderr).toContain('--colour')
    expect(stderr).toContain('--help')
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

  test('with LLM_BASE_URL at an https address, a model behind TLS answers', async () => {
    const { key, cert } = selfSignedCertificate()
    const folder = mkdtempSync(join(tmpdir(), 'playground-'))
    const ca = join(folder, 'ca.pem')
    writeFileSync(ca, cert)
    const apiKey = 'sk-for-this-test-only'
    await using model = await startSimulator({ tokensPerSecond: 0, apiKey })
    await using secure = await startTls({ key, cert }, model.port)
    const env = {
      ...NO_KEYS,
      NODE_EXTRA_CA_CERTS: ca,
      LLM_BASE_URL: `https://localhost:${secure.port}/v1`,
      LLM_API_KEY: apiKey,
    }
    await using process_ = await start(process.execPath, [...NODE, '--port', '0'], {
      ...options,
      env,
      ready: /(http:\/\/127\.0\.0\.1:\d+)\/[\s\S]*the first model listed at https:/,
    })
    const [, url = ''] = process_.match
    rmSync(folder, { recursive: true })
    const answer = await (await fetch(`${url}/events?prompt=hello&run=tls`)).text()
    expect(answer).toContain('"model":"simulator"')
    expect(answer).toContain('"complete":true')
    const bytes = await (await fetch(`${url}/bytes?run=tls`)).text()
    expect(bytes).toContain('"leg":"model"')
    expect(process_.output + answer + bytes).not.toContain(apiKey)
  })
})
