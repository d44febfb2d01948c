import { fileURLToPath } from 'node:url'
import { echo, listen } from '@sse-from-scratch/tcp-echo'
import { type RunResult, run, start } from '@sse-from-scratch/testkit'
import { describe, expect, test } from 'vitest'
import { startCuttingRelay } from '../demos/cutting-relay.ts'
import { startLossyRelay } from '../demos/lossy-relay.ts'
import { overTcp, overUdp } from '../demos/round-trip.ts'
import { startUdpEcho } from '../demos/udp-echo.ts'

/** Only who misses something waits so long; what is dropped on purpose will not come later. */
const QUIET = 5000
const QUIET_WHEN_ALL_IS_LOST = 50

function command(name: string, ...args: string[]): [string, string[]] {
  const script = fileURLToPath(new URL(`../demos/${name}.ts`, import.meta.url))
  return [process.execPath, ['--conditions=@sse-from-scratch/source', '--import=tsx', script, ...args]]
}

describe('UDP', () => {
  test('keeps the edges of each datagram, empty ones and large ones too', async () => {
    await using server = await startUdpEcho()
    const messages = ['', 'a', 'bb', '', 'x'.repeat(9000)]
    expect((await overUdp(messages, server.port, QUIET)).reads).toEqual(messages)
  })

  test('keeps everything in good weather: that is why the fault shows so late', async () => {
    await using server = await startUdpEcho()
    await using relay = await startLossyRelay(server.port, { seed: 1, drop: 0, swap: 0 })
    const messages = Array.from({ length: 20 }, (_, i) => `${i}`)
    expect((await overUdp(messages, relay.port, QUIET)).reads).toEqual(messages)
  })

  test('loses what the network drops, and tells nobody', async () => {
    await using server = await startUdpEcho()
    await using relay = await startLossyRelay(server.port, { seed: 1, drop: 1, swap: 0 })
    expect((await overUdp(['a', 'b', 'c'], relay.port, QUIET_WHEN_ALL_IS_LOST)).reads).toEqual([])
    await expect.poll(() => relay.traffic).toEqual({ sent: 3, dropped: 3, overtaken: 0 })
  })

  test('hands over in the order in which the network delivers', async () => {
    await using server = await startUdpEcho()
    await using relay = await startLossyRelay(server.port, { seed: 1, drop: 0, swap: 0.5 })
    const messages = Array.from({ length: 20 }, (_, i) => `${i}`)
    const { reads } = await overUdp(messages, relay.port, QUIET)
    expect(reads).not.toEqual(messages)
    expect(new Set(reads)).toEqual(new Set(messages))
    expect(relay.traffic.overtaken).toBeGreaterThan(0)
  })

  test('a datagram that nobody overtakes is late, and not lost', async () => {
    await using server = await startUdpEcho()
    await using relay = await startLossyRelay(server.port, { seed: 1, drop: 0, swap: 1 })
    expect((await overUdp(['alone'], relay.port, QUIET)).reads).toEqual(['alone'])
  })

  test('learns from the other machine, if at all, that nobody listens', async () => {
    const server = await startUdpEcho()
    await server.close()
    const outcome = await overUdp(['a'], server.port, QUIET_WHEN_ALL_IS_LOST).catch((error) => error)
    // An ICMP message says so on Linux; other systems, and most firewalls, keep it to themselves.
    expect([outcome.code, outcome.reads]).toBeOneOf([
      ['ECONNREFUSED', undefined],
      [undefined, []],
    ])
  })
})

describe('TCP', () => {
  test('keeps every byte in its order, and no edge, however it is cut on its way', async () => {
    await using server = await listen(echo)
    const messages = Array.from({ length: 200 }, (_, i) => `<${i}>`)
    for (const seed of [1, 2, 3]) {
      await using relay = await startCuttingRelay(server.address.port, seed)
      const { reads } = await overTcp(messages, relay.address.port)
      expect(reads.join('')).toBe(messages.join(''))
      expect(reads).not.toEqual(messages)
      expect(reads.length).toBeGreaterThan(1)
    }
  })
})

describe('udp-or-tcp', () => {
  const table = ({ stdout }: RunResult) => stdout.split('\n').filter((line) => /^(UDP|TCP) {2,}/.test(line))

  test('UDP keeps the edges, TCP keeps order and everything', async () => {
    const result = await run(...command('udp-or-tcp'))
    expect(result).toMatchObject({ code: 0, stderr: '' })
    const [udp = '', tcp = ''] = table(result)
    expect(udp.split(/ {2,}/)).toEqual(['UDP', 'yes', 'no', expect.stringMatching(/^\d+ of 12$/), '500 ms of silence'])
    expect(udp).not.toContain('12 of 12')
    expect(tcp.split(/ {2,}/)).toEqual(['TCP', 'no', 'yes', '12 of 12', 'FIN'])
  })

  test('a number that makes no sense is explained, and nothing is sent', async () => {
    const { code, stdout, stderr } = await run(...command('udp-or-tcp', '--drop', 'much'))
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^--drop must be a number from 0 to 1, not "much"\n\nusage: udp-or-tcp/)
  })
})

describe('the UDP echo server and client', { timeout: 120_000 }, () => {
  test('each argument is a datagram that comes back whole, and Ctrl-C ends the server at once', async () => {
    await using server = await start(...command('udp-echo-server', '--port', '0'), {
      ready: /listening on 127\.0\.0\.1:(\d+)/,
    })
    const { code, stdout } = await run(...command('udp-echo-client', '--port', server.match[1] as string, 'one', 'two'))
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^one\ntwo\n2 of 2 came back/)])
    expect(await server.stop('SIGINT')).toMatchObject({ code: 0, killedBy: null })
    expect(server.output).toMatch(/3 bytes from 127\.0\.0\.1:\d+\n3 bytes from .*\nclosed\n$/)
  })

  test.each([
    ['udp-echo-server', ['--port', '70000'], 'port must be a whole number from 0 to 65535'],
    ['udp-echo-client', [], 'nothing to send'],
  ])('%s %j says what is wrong and how to use it', async (name, args, why) => {
    const { code, stderr } = await run(...command(name, ...args))
    expect([code, stderr]).toEqual([1, expect.stringContaining(`usage: ${name}`)])
    expect(stderr).toContain(why)
  })
})
