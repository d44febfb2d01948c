import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { connect } from '@sse-from-scratch/tcp-echo'
import { run, type StartedProcess, start } from '@sse-from-scratch/testkit'
import { describe, expect, test } from 'vitest'
import { bytes, text, whenOver } from './bytes.ts'

function command(name: string, ...args: string[]): [string, string[]] {
  const script = fileURLToPath(new URL(`../examples/${name}.ts`, import.meta.url))
  return [process.execPath, ['--conditions=@sse-from-scratch/source', '--import=tsx', script, ...args]]
}

async function startServer(): Promise<{ server: StartedProcess; port: string } & AsyncDisposable> {
  const server = await start(...command('echo-server', '--port', '0'), { ready: /listening on 127\.0\.0\.1:(\d+)/ })
  return { server, port: server.match[1] as string, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

describe('the examples', { timeout: 120_000 }, () => {
  test.each(['echo-server', 'echo-client'])('%s --help says how to use it', async (name) => {
    const { code, stdout } = await run(...command(name, '--help'))
    expect(stdout).toContain(`usage: ${name}`)
    expect(code).toBe(0)
  })

  test.each(['echo-server', 'echo-client'])('%s explains a mistake in a line, and fails with 2', async (name) => {
    const { code, stderr } = await run(...command(name, '--prot', '7'))
    expect(stderr).toMatch(/^Unknown option '--prot'.*\n$/)
    expect(code).toBe(2)
    const wrong = await run(...command(name, '--port', 'seven'))
    expect([wrong.code, wrong.stderr]).toEqual([2, '--port is a number from 0 to 65535, not "seven"\n'])
  })

  test('the server says in a line that its port is taken, and fails with 1', async () => {
    await using started = await startServer()
    const { code, stderr } = await run(...command('echo-server', '--port', started.port))
    expect(stderr).toMatch(/^TCP_ADDRESS_IN_USE \(port \d+ of 127\.0\.0\.1 is taken .*\n$/)
    expect(code).toBe(1)
  })

  test('the client prints what the server sends back, from its arguments and from its input', async () => {
    await using started = await startServer()
    const { port, server } = started
    expect(await run(...command('echo-client', '--port', port, 'hello', 'world'))).toMatchObject({
      stdout: 'hello world\n',
      stderr: '',
      code: 0,
    })
    const input = 'line\n'.repeat(100_000)
    const piped = await run(...command('echo-client', '--port', port), { input })
    expect(piped.stdout).toBe(input)
    expect(await server.stop('SIGINT')).toMatchObject({ code: 0, killedBy: null })
    expect(server.output).toMatch(/is here\n.* has left\n/)
  })

  test('Ctrl-C closes the server, and a client that stays is hung up on', async () => {
    await using started = await startServer()
    await using client = await connect({ port: Number(started.port) })
    await client.write(bytes('hi'))
    expect(text((await client.read()) as Uint8Array)).toBe('hi')
    expect(await started.server.stop('SIGINT')).toMatchObject({ code: 0, killedBy: null })
    expect(started.server.output).toContain('closed')
    expect(await whenOver(client)).toMatchObject({ code: 'TCP_RESET' })
  })

  test('Ctrl-C says goodbye for a client whose user has not typed Ctrl-D', async () => {
    await using started = await startServer()
    const client = spawn(...command('echo-client', '--port', started.port))
    client.stdin.write('hello\n')
    expect(String((await once(client.stdout, 'data'))[0])).toBe('hello\n')
    client.kill('SIGINT')
    expect(await once(client, 'exit')).toEqual([0, null])
    await started.server.stop('SIGINT')
    expect(started.server.output).toContain('has left')
  })

  test('the client says what went wrong when nobody listens', async () => {
    const started = await startServer()
    await started.server.stop('SIGINT')
    const { code, stderr } = await run(...command('echo-client', '--port', started.port, 'hello'))
    expect(stderr).toMatch(/^TCP_REFUSED: /)
    expect(code).toBe(1)
  })
})
