// npm run bench:http
import { runBench } from './bench.ts'
import { headRaces } from './http-head.ts'
import { serverRaces } from './http-server.ts'

await runBench({
  name: 'http',
  description: `A server, and the decoder of heads, beside those of node:http.

Servers: requests answered per second of the server's own CPU time, under a client in another process that asks again as
soon as it is answered, on 64 connections. Every server has a process of its own. With --full, wrk asks, if there is one.
Heads: one process, from bytes to all fields in memory.`,
  races: [...serverRaces(), ...headRaces()],
})
