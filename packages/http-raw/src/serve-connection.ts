import type { Connection } from '@sse-from-scratch/tcp-echo'
import type { Handler } from './handler.ts'
import { lingeringClose } from './linger.ts'
import { serveExchange } from './server-exchange.ts'
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
  const { closing, headTimeout, keepAliveTimeout, lingerTimeout } = settings
  let failure: { readonly error: unknown } | undefined
  let idle: Promise<unknown> = Promise.resolve()
  let stopWaiting = () => {}
  const onClosing = () => stopWaiting()
  closing?.addEventListener('abort', onClosing, { once: true })

  /** Whether a next request comes: not if the client closes, is too slow, or the server is closing. */
  function requestArrives(patience: number): Promise<boolean> {
    const arrival = firstByte(connection)
    idle = arrival
    return new Promise((resolve) => {
      stopWaiting = () => resolve(false)
      if (closing?.aborted) stopWaiting()
      const timer = patience > 0 ? setTimeout(stopWaiting, patience) : undefined
      void arrival.then((arrived) => {
        clearTimeout(timer)
        resolve(arrived)
      })
    })
  }

  for (let patience = headTimeout; await requestArrives(patience); patience = keepAliveTimeout) {
    const result = await serveExchange(connection, handler, settings)
    idle = result.idle
    failure = result.failure
    if (failure) options.onError?.(failure.error, connection)
    if (!result.persists) break
  }

  closing?.removeEventListener('abort', onClosing)
  await lingeringClose(connection, lingerTimeout, idle)
  if (failure && !options.onError) throw failure.error
}

/** Waits for a byte, and leaves it where it is. False if the client has closed, or broken, the connection. */
async function firstByte(connection: Connection): Promise<boolean> {
  try {
    const bytes = await connection.read()
    if (bytes !== null) connection.unread(bytes)
    return bytes !== null
  } catch {
    return false // between two requests nothing is lost, and nobody needs to know
  }
}
