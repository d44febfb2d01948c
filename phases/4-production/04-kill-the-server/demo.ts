import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { findTool, run } from '@sse-from-scratch/testkit'
import { explain } from '@sse-from-scratch/wire-xray'
import { howItEnded } from '#ex/04-kill-the-server'
import type { Trace } from './contract.ts'
import { saidText, traceOf, traceOfKilled } from './samples/trace.ts'

// A real server, killed in the middle of its stream; then four more endings, what you say of them, and what curl says.
const columns = Number(process.env['COLUMNS']) || 80
const killed = await traceOfKilled()
console.log('A server was killed (SIGKILL). What had come until then:\n')
console.log(`${explain(killed.bytes, { columns })}\n`)

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
const endings: readonly [string, (socket: Socket) => void][] = [
  ['the last chunk', (socket) => socket.end('0\r\n\r\n')],
  ['FIN in a chunk', (socket) => socket.end('9\r\ndata')],
  ['RST in between', (socket) => socket.resetAndDestroy()],
  ['nothing more', () => {}],
]

row('what happened', 'the socket said', 'curl', 'you')
row('SIGKILL', saidText(killed.said), '-', outcome(killed))
for (const [name, happens] of endings) {
  const trace = await traceOf(happens)
  row(name, saidText(trace.said), await curl(happens), outcome(trace))
}
console.log('\ncurl: 0 is well; 18: cut; 56: the connection is broken; 28: out of patience (--max-time 1)')

function row(...cells: readonly [string, string, string, string]): void {
  const [happened, said, exit, ending] = cells
  console.log(`${happened.padEnd(17)}${said.padEnd(42)}${exit.padEnd(8)}${ending}`)
}

function outcome(trace: Trace): string {
  try {
    return howItEnded(trace)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The exit code of curl for a stream that ends so. */
async function curl(happens: (socket: Socket) => void): Promise<string> {
  const tool = findTool('curl')
  if (tool === undefined) return 'no curl here'
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    socket.once('data', () => {
      socket.write(`${HEAD}9\r\ndata: 1\n\n\r\n`)
      setTimeout(() => happens(socket), 100) // curl has read it by then
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const { code } = await run(tool.path, ['-sN', '--max-time', '1', url])
  server.close()
  for (const socket of sockets) socket.destroy()
  return `${code}`
}
