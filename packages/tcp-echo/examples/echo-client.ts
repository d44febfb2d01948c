/** Sends its arguments, or else its standard input, and prints what comes back. */
import { addAbortSignal } from 'node:stream'
import { parseArgs } from 'node:util'
import { type Connection, connect, TcpError } from '@sse-from-scratch/tcp-echo'
import { portOf } from './port.ts'

const USAGE = `usage: echo-client [--port 7007] [--host 127.0.0.1] [text ...]

  --port   where the server listens
  --host   its name or address
  --help   this text

Without text it sends what you type, line by line, until Ctrl-D.
Ctrl-C says goodbye as well.
`

const stop = new AbortController() // Ctrl-C, or the server has said all it will

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '7007' },
      host: { type: 'string', default: '127.0.0.1' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return void process.stdout.write(USAGE)

  const connection = await connect({ port: portOf(values.port), host: values.host, signal: stop.signal })
  process.once('SIGINT', () => stop.abort())
  await Promise.all([
    positionals.length > 0 ? sendText(connection, positionals.join(' ')) : sendInput(connection),
    print(connection).finally(() => stop.abort()),
  ])
}

async function sendText(connection: Connection, text: string): Promise<void> {
  await connection.write(new TextEncoder().encode(`${text}\n`))
  await connection.end()
}

/** Standard input, at the pace at which the server takes it. */
async function sendInput(connection: Connection): Promise<void> {
  try {
    for await (const bytes of addAbortSignal(stop.signal, process.stdin)) await connection.write(bytes)
  } catch (error) {
    if (!stop.signal.aborted) throw error
  }
  await connection.end()
}

async function print(connection: Connection): Promise<void> {
  for await (const bytes of connection) process.stdout.write(bytes)
}

main().catch((error: unknown) => {
  if (error instanceof TcpError) console.error(`${error.code}: ${error.message}`)
  else console.error(error instanceof Error ? error.message : error)
  process.exitCode = error instanceof TcpError ? 1 : 2 // the network's fault, or how it was called
})
