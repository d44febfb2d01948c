import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { echo, listen } from '@sse-from-scratch/tcp-echo'
import { echoOnce } from '#ex/03-echo-client'

// Three servers: one that echoes, one that has gone, one that is silent.
const good = await listen(echo)
const silent = createServer({ allowHalfOpen: true }, (socket) => socket.on('error', () => {}).resume())
await once(silent.listen(0, '127.0.0.1'), 'listening')
const gone = await listen(echo)
await gone.close()

await ask('one that echoes', good.address.port)
await ask('one that has gone', gone.address.port)
await ask('one that is silent', (silent.address() as AddressInfo).port)
silent.close()
await good[Symbol.asyncDispose]()
process.exit() // also if a socket was left open

async function ask(name: string, port: number): Promise<void> {
  const start = performance.now()
  const end = await Promise.race([
    echoOnce(port, Buffer.from('hello'), { timeoutMs: 300 }).then(
      (bytes) => JSON.stringify(Buffer.from(bytes).toString()),
      words,
    ),
    new Promise<string>((resolve) => setTimeout(() => resolve('nothing for a second: is there a timer?'), 1000)),
  ]).catch(words)
  console.log(`${name.padEnd(20)} ${`${Math.round(performance.now() - start)}`.padStart(5)} ms  ${end}`)
}

function words(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? `${error.code}: ` : ''
  return `${code}${error instanceof Error ? error.message : error}`
}
