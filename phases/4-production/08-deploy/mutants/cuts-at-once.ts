import type { Drain } from '../contract.ts'

export const drain: Drain = async (server, _graceMs, { retry, random }) => {
  server.stopListening()
  const closed = server.clients.size
  for (const client of server.clients) {
    client.send(`retry: ${Math.floor(retry + random() * retry)}\n\n`)
    client.abort()
  }
  return { closed }
}
