import { createServer, type TlsOptions } from 'node:tls'
import { chunked } from '@sse-from-scratch/chunked'
import { serveConnection } from '@sse-from-scratch/http-raw'
import { type Connection, type ListenOptions, listen } from '@sse-from-scratch/tcp-echo'
import { CutShort, withFaults } from './faulty-connection.ts'
import { createHandler } from './handler.ts'
import { readOptions, type SimulatorOptions } from './options.ts'
import { createReplay } from './replay.ts'

/** A server that speaks as the large services do, with a seeded chain of words for a model. */
export interface Simulator extends AsyncDisposable {
  /** Where it listens, without a path: a base URL for Anthropic's clients; OpenAI's want `${url}/v1`. */
  readonly url: string
  readonly port: number
  /** Stops listening and cuts the answers under way. */
  close(): Promise<void>
}

/**
 * Starts a simulator: OpenAI Chat Completions and Responses, Anthropic Messages, Gemini and Ollama on one port, streamed or
 * whole, as they should be or with faults. With `replay` it says again what was recorded.
 *
 * @throws RangeError for an option out of its range
 * @throws TypeError for faults that cannot be read, and for a recording that cannot be replayed
 * @throws TcpError when it cannot listen
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port: wanted = 0, host = '127.0.0.1', tls } = options
  const listener = await listen(connectionHandler(options), {
    port: wanted,
    host,
    onError: noticing(options),
    ...(tls && { createServer: secure(tls) }),
  })
  const { address, port } = listener.address
  const close = () => listener.close(AbortSignal.abort())
  return {
    url: `${tls ? 'https' : 'http'}://${hostIn(address)}:${port}`,
    port,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function connectionHandler(options: SimulatorOptions): (connection: Connection) => Promise<void> {
  const settings = readOptions(options)
  if (options.replay) return createReplay(options.replay, options.speed)
  const handler = createHandler(settings)
  const onError = noticing(options)
  const limits = { bodySize: Number.POSITIVE_INFINITY } // counted by us, to refuse it in the format of the service
  return (connection) =>
    serveConnection(withFaults(connection), handler, { limits, onError, transferCodings: [chunked] })
}

/** What a fault does on purpose is no error. */
function noticing({ onError = () => {} }: SimulatorOptions): NonNullable<ListenOptions['onError']> {
  return (error, connection) => {
    if (!(error instanceof CutShort || connection.signal.reason instanceof CutShort)) onError(error, connection)
  }
}

/** TLS accepts where TCP did. Half-open it cannot be: Node would never close the connection under it. */
function secure(tls: TlsOptions): NonNullable<ListenOptions['createServer']> {
  return (base, onSocket) =>
    createServer({ ALPNProtocols: ['http/1.1'], ...base, ...tls, allowHalfOpen: false }, onSocket)
}

/** An address as a URL has it: IPv6 in brackets (RFC 3986 §3.2.2), and loopback for "any". */
function hostIn(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1'
  if (address === '::') return '[::1]'
  return address.includes(':') ? `[${address}]` : address
}
