import type { Connection } from '@sse-from-scratch/tcp-echo'
import type { ExchangeFailure } from './exchange-failure.ts'
import type { Handler } from './handler.ts'
import { lingeringClose } from './linger.ts'
import { RequestSource } from './request-source.ts'
import { serveExchanges } from './server-exchange.ts'
import { type ServeConnectionOptions, type ServerSettings, serverSettings } from './server-options.ts'

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
  const { onError } = options
  const failure = await serveWith(
    connection,
    handler,
    serverSettings(options),
    onError && (({ error }) => onError(error, connection)),
  )
  if (failure && !onError) throw failure.error
}

/** The same, for one of many connections with the same settings. `onFailure` hears at once what ended it; then it resolves with that. */
export async function serveWith(
  connection: Connection,
  handler: Handler,
  settings: ServerSettings,
  onFailure: ((failure: ExchangeFailure) => void) | undefined,
): Promise<ExchangeFailure | undefined> {
  const source = new RequestSource(connection, settings)
  const failure = await serveExchanges(connection, source, handler, settings)
  if (failure) onFailure?.(failure)

  source.stop()
  await lingeringClose(connection, settings.lingerTimeout, source.idle())
  return failure
}
