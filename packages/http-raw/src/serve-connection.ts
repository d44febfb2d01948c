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
  let failure: ExchangeFailure | undefined
  await serveWith(connection, handler, serverSettings(options), (met) => {
    failure = met
    onError?.(met.error, connection)
  })
  if (failure && !onError) throw failure.error
}

/**
 * The same, for one of many connections with the same settings. `onFailure` hears at once what ended it; it resolves when the
 * connection may be closed, or rejects with what `onFailure` throws.
 *
 * Not async, and one promise in all: what waits here waits for as long as a connection is open.
 */
export function serveWith(
  connection: Connection,
  handler: Handler,
  settings: ServerSettings,
  onFailure: (failure: ExchangeFailure, connection: Connection) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const source = new RequestSource(connection, settings)
    serveExchanges(connection, source, handler, settings, (failure) => {
      resolve(close(connection, source, settings, failure && (() => onFailure(failure, connection))))
    })
  })
}

async function close(
  connection: Connection,
  source: RequestSource,
  { lingerTimeout }: ServerSettings,
  tellFailure: (() => void) | undefined,
): Promise<void> {
  source.stop()
  tellFailure?.()
  await null // a server that is closed and cut in one breath has nothing more to say
  await lingeringClose(connection, lingerTimeout, source.idle())
}
