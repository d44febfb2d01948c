import type { Connection } from '@sse-from-scratch/tcp-echo'
import type { Handler } from './handler.ts'
import { lingeringClose } from './linger.ts'
import { createRequestSource } from './request-source.ts'
import { serveExchanges } from './server-exchange.ts'
import { type ServeConnectionOptions, serverSettings } from './server-options.ts'

/**
 * Serves one connection until either side wants it closed (RFC 9112 §9.3): one request at a time, answers in order.
 *
 * Pipelined requests wait in the connection, and behind 64 KiB of them in the client. Nothing behind a request that
 * was refused is served. Rejects with what ended the connection, if it was an error and there is no `onError`.
 */
export async function serveConnection(
  connection: Connection,
  handler: Handler,
  options: ServeConnectionOptions = {},
): Promise<void> {
  const settings = serverSettings(options)
  const source = createRequestSource(connection, settings)
  const failure = await serveExchanges(connection, source, handler, settings)
  if (failure) options.onError?.(failure.error, connection)

  source.stop()
  await lingeringClose(connection, settings.lingerTimeout, source.idle())
  if (failure && !options.onError) throw failure.error
}
