import type { Drain } from './contract.ts'

export const drain: Drain = async (server, graceMs, { retry, clock, random }) => {
  server.stopListening() // first: whoever leaves now must find the next server
  const open = new Set(server.clients)
  const all = open.size

  const endings = [...open].map(async (client) => {
    client.send(`retry: ${Math.floor(retry + random() * retry)}\n\n`) // digits only: a fraction would be ignored
    await client.end()
    open.delete(client)
    server.closeIdle() // or its next request comes to us, on the same connection
  })
  const done = new AbortController()
  try {
    await Promise.race([Promise.allSettled(endings), clock.sleep(graceMs, done.signal)])
  } finally {
    done.abort() // a sleep that nobody waits for holds the process
  }
  const closed = all - open.size
  for (const client of open) client.abort()
  return { closed }
}
