import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { asText } from '@sse-from-scratch/course'
import { getChunked } from '#ex/05-a-client-that-reassembles'

// Your client at a real server: one answer is whole, and the other server dies half way.
const server = createServer(async ({ url }, response) => {
  for (const word of ['These ', 'words ', 'come ', 'one ', 'by ', 'one.']) {
    response.write(word)
    await pause(150)
    if (url === '/dies' && word === 'one ') response.destroy()
  }
  response.end()
})
await once(server.listen(0, '127.0.0.1'), 'listening')
const { port } = server.address() as AddressInfo
for (const path of ['/whole', '/dies']) {
  const start = performance.now()
  const say = (what: string) =>
    console.log(`${path}  ${`${Math.round(performance.now() - start)}`.padStart(5)} ms  ${what}`)
  try {
    for await (const piece of getChunked(`http://127.0.0.1:${port}${path}`)) say(JSON.stringify(asText(piece)))
    say('the end: all is here')
  } catch (error) {
    say(error instanceof Error ? `${'code' in error ? error.code : error.name}: ${error.message}` : String(error))
  }
}
server.close()
server.closeAllConnections()
