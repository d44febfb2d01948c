import { readFileSync } from 'node:fs'
import { type Connection, connect, echo, listen } from '@sse-from-scratch/tcp-echo'
import { expect, test } from 'vitest'

/**
 * Milliseconds until the kernel asks the peer whether it is still there; undefined when it will not.
 *
 * Read from the columns `tr:tm->when` of /proc/net/tcp: 02 is the keep-alive timer, counted in hundredths of a second.
 */
function keepAliveTimer({ local, remote }: Connection): number | undefined {
  const [from, to] = [local.port, remote.port].map((port) => port.toString(16).toUpperCase().padStart(4, '0'))
  const row = new RegExp(`:${from} [0-9A-F]{8}:${to} 01 \\S+ ([0-9A-F]{2}):([0-9A-F]{8}) `)
  const [, kind, when = ''] = row.exec(readFileSync('/proc/net/tcp', 'utf8')) ?? []
  if (kind === undefined) throw new Error('the kernel does not show this connection')
  return kind === '02' ? Number.parseInt(when, 16) * 10 : undefined
}

test.skipIf(process.platform !== 'linux').each([
  [{}, 60_000],
  [{ keepAliveDelay: 5000 }, 5000],
  [{ keepAlive: false }, undefined],
])('the kernel, told %j, has a keep-alive timer of %j ms, at both ends', async (options, delay) => {
  let tell: (connection: Connection) => void = () => {}
  const accepted = new Promise<Connection>((resolve) => {
    tell = resolve
  })
  await using listener = await listen((connection) => {
    tell(connection)
    return echo(connection)
  }, options)
  await using client = await connect({ port: listener.address.port, ...options })
  for (const connection of [client, await accepted]) {
    const timer = keepAliveTimer(connection)
    if (delay === undefined) expect(timer).toBeUndefined()
    else {
      expect(timer).toBeLessThanOrEqual(delay)
      expect(timer).toBeGreaterThan(delay / 2)
    }
  }
})
