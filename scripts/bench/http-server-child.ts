// One server, and the client that it has for itself in a process of its own.
import { createServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { serve } from '@sse-from-scratch/chunked'
import { answerRounds, childContender } from './child.ts'
import { createAnsweringServer, TEXT, TYPE } from './http-answering.ts'

const [name = '', asking = ''] = process.argv.slice(2)
const servers: Readonly<Record<string, () => Promise<number>>> = {
  'http-raw': serveOurs,
  'node:http': serveNodeHttp,
  'raw socket, nothing checked': () => listening(createAnsweringServer()),
}
const start = servers[name]
if (!start) throw new RangeError(`no server ${name}`)
const port = await start()
const load = childContender('client', new URL('http-load.js', import.meta.url), [`${port}`, asking])
await load.start?.()

// The client tells how many requests it has seen answered; what they cost is ours to say.
answerRounds(async (seconds) => {
  const from = process.cpuUsage()
  const answered = await load.measure(seconds)
  const { user, system } = process.cpuUsage(from)
  return answered / ((user + system) / 1e6)
})

async function serveOurs(): Promise<number> {
  const { address } = await serve(async (_, respond) => {
    await respond(200, { 'Content-Type': TYPE }, TEXT)
  })
  return address.port
}

function serveNodeHttp(): Promise<number> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': TYPE, 'Content-Length': TEXT.length })
    response.end(TEXT)
  })
  return listening(server)
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
