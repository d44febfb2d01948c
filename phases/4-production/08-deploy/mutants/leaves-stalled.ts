import type { Drain } from '../contract.ts'

export const drain: Drain = async (server, graceMs, { retry, clock, random }) => {
  server.stopListening()
  const open = new Set(server.clients)
  const all = open.size

  const endings = [...open].map(async (client) => {
    client.send(`retry: ${Math.floor(retry + random() * retry)}\n\n`)
    await client.end()
    open.delete(client)
    server.closeIdle()
  })
  const done = new AbortController()
  try {
    await Promise.race([Promise.allSettled(endings), clock.sleep(graceMs, done.signal)])
  } finally {
    done.abort()
  }
  const closed = all - open.size
  return { closed }
}
