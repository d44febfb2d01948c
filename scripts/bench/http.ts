// npm run bench:http
import { runBench } from './bench.ts'
import { clientRaces } from './http-client.ts'
import { headRaces } from './http-head.ts'
import { serverRaces } from './http-server.ts'

await runBench({
  name: 'http',
  description: `A server, the decoder of heads and a client, beside those of node:http.

Servers: requests answered per second of the server's own CPU time, under a client in another process that asks again as
soon as it is answered, on 64 connections. Every server has a process of its own. With --full, wrk asks, if there is one.
Heads: one process, from bytes to all fields in memory.
Clients: requests per second of the client's own CPU time, against a server in another process that knows one answer.`,
  races: [...serverRaces(), ...headRaces(), ...clientRaces()],
})
