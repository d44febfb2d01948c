import { describe, expect, test } from 'vitest'
import { run, start } from '../src/run.ts'

const node = process.execPath
const posix = process.platform !== 'win32'

describe('run', () => {
  test('both outputs, the bytes and the code come back', async () => {
    const result = await run(node, [
      '-e',
      'process.stdout.write(Buffer.from([104, 255])); console.error("e"); process.exitCode = 3',
    ])
    expect(result).toMatchObject({ code: 3, killedBy: null, stderr: 'e\n' })
    expect([...result.bytes]).toEqual([104, 255])
  })

  test('input is given on stdin, which is then closed', async () => {
    const { stdout } = await run(node, ['-e', 'process.stdin.pipe(process.stdout)'], { input: 'hello' })
    expect(stdout).toBe('hello')
  })

  test('a program that does not read its input is no error', async () => {
    const { code } = await run(node, ['-e', ''], { input: 'x'.repeat(1024 * 1024) })
    expect(code).toBe(0)
  })

  test('a program that never ends is killed after the timeout', async () => {
    const forever = run(node, ['-e', 'setInterval(() => {}, 1000)'], { timeout: 100 })
    await expect(forever).rejects.toThrow('took longer than 100 ms')
  })

  test('more output than allowed is an error that shows what there was', async () => {
    const program = 'setInterval(() => process.stdout.write("x".repeat(60_000)), 1)'
    const noisy = run(node, ['-e', program], { maxOutput: 100_000 })
    await expect(noisy).rejects.toThrow(/wrote more than 100000 bytes\nxxx/)
  })

  test('a program that does not exist is named', async () => {
    await expect(run('no-such-program')).rejects.toThrow('cannot start no-such-program')
  })

  test('an abort kills it and rejects with the reason as it is', async () => {
    const controller = new AbortController()
    const running = run(node, ['-e', 'setInterval(() => {}, 1000)'], { signal: controller.signal })
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(running).rejects.toBe(reason)
  })

  test('env adds to the environment, and undefined takes a name out of it', async () => {
    process.env['TESTKIT_INHERITED'] = 'from here'
    const print = 'const { env } = process; console.log(env.TESTKIT_A, env.TESTKIT_INHERITED, env.TESTKIT_GONE)'
    process.env['TESTKIT_GONE'] = 'to be taken out'
    const { stdout } = await run(node, ['-e', print], { env: { TESTKIT_A: 'yes', TESTKIT_GONE: undefined } })
    expect(stdout).toBe('yes from here undefined\n')
  })
})

describe('start', () => {
  test('resolves when the output matches, with the groups of the match', async () => {
    await using child = await start(node, ['-e', 'console.log("port 1234"); setInterval(() => {}, 1000)'], {
      ready: /port (\d+)/,
    })
    expect(child.match[1]).toBe('1234')
    expect(child.output).toBe('port 1234\n')
  })

  test.runIf(posix)('stop is Ctrl-C: the program may end in its own way', async () => {
    const program =
      'process.on("SIGINT", () => { console.log("bye"); process.exit(0) }); console.log("up"); setInterval(() => {}, 1000)'
    await using child = await start(node, ['-e', program], { ready: /up/ })
    expect(await child.stop()).toMatchObject({ code: 0, stdout: 'up\nbye\n' })
  })

  test.runIf(posix)('what the program started is stopped with it', async () => {
    const child = 'setInterval(() => {}, 1000); console.log("up")'
    const parent = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' })`
    await using family = await start(node, ['-e', parent], { ready: /up/ })
    // The grandchild holds the output open: stop() comes back only when it is gone as well.
    expect(await family.stop('SIGTERM')).toMatchObject({ killedBy: 'SIGTERM', stdout: 'up\n' })
  })

  test('a program that ends before it is ready is an error with its output', async () => {
    const early = start(node, ['-e', 'console.error("no port free")'], { ready: /listening/ })
    await expect(early).rejects.toThrow(/ended with code 0 before it was ready\nno port free/)
  })

  test('a program that is never ready is killed', async () => {
    const silent = start(node, ['-e', 'setInterval(() => {}, 1000)'], { ready: /listening/, readyTimeout: 500 })
    await expect(silent).rejects.toThrow('was not ready after 500 ms')
  })
})
