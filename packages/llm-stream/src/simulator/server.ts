import { serve } from '@sse-from-scratch/sse-server/raw'
import { createHandler } from './handler.ts'
import { readOptions, type SimulatorOptions } from './options.ts'

/** A server that speaks as the large services do, with a seeded chain of words for a model. */
export interface Simulator extends AsyncDisposable {
  /** Where it listens, without a path: a base URL for Anthropic's clients; OpenAI's want `${url}/v1`. */
  readonly url: string
  readonly port: number
  /** Stops listening and cuts the answers under way. */
  close(): Promise<void>
}

/**
 * Starts a simulator: OpenAI Chat Completions and Anthropic Messages on one port, streamed or whole.
 *
 * @throws RangeError for an option out of its range
 * @throws TcpError when it cannot listen
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const settings = readOptions(options)
  const { port: wanted = 0, host = '127.0.0.1', tls, onError = () => {} } = options
  const listener = await serve(createHandler(settings), {
    port: wanted,
    host,
    onError,
    ...(tls && { tls }),
    limits: { bodySize: Number.POSITIVE_INFINITY }, // counted by us, to refuse it in the format of the service
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

/** An address as a URL has it: IPv6 in brackets (RFC 3986 §3.2.2), and loopback for "any". */
function hostIn(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1'
  if (address === '::') return '[::1]'
  return address.includes(':') ? `[${address}]` : address
}
