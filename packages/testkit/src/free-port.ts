import { once } from 'node:events'
import { createServer } from 'node:net'

const ATTEMPTS = 5

/**
 * Starts a program that cannot choose a port by itself on a free one of 127.0.0.1. Between our choice and its bind somebody
 * else may take that: then again.
 */
export async function startOnFreePort<Started>(
  startOn: (port: number) => Promise<Started>,
  isTaken: RegExp,
): Promise<{ readonly port: number; readonly started: Started }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    try {
      return { port, started: await startOn(port) }
    } catch (error) {
      if (attempt === ATTEMPTS || !isTaken.test(String(error))) throw error
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
