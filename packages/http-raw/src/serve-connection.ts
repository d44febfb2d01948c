import type { Connection } from '@sse-from-scratch/tcp-echo'
import { before } from './deadline.ts'
import type { Handler } from './handler.ts'
import { lingeringClose } from './linger.ts'
import { serveExchange } from './server-exchange.ts'
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
  const settings = serverSettings(options)
  const { headTimeout, keepAliveTimeout, lingerTimeout } = settings
  let failure: { readonly error: unknown } | undefined
  let idle: Promise<unknown> = Promise.resolve()

  for (let patience = headTimeout; ; patience = keepAliveTimeout) {
    const arrival = nextRequest(connection)
    idle = arrival
    if (!(await arrives(arrival, patience, settings))) break
    const result = await serveExchange(connection, handler, settings)
    idle = result.idle
    failure = result.failure
    if (failure) options.onError?.(failure.error, connection)
    if (!result.persists) break
  }

  await lingeringClose(connection, lingerTimeout, idle)
  if (failure && !options.onError) throw failure.error
}

/** Waits for a first byte, and leaves it where it is. False if the client has closed, or broken, the connection. */
async function nextRequest(connection: Connection): Promise<boolean> {
  try {
    const bytes = await connection.read()
    if (bytes !== null) connection.unread(bytes)
    return bytes !== null
  } catch {
    return false // between two requests nothing is lost, and nobody needs to know
  }
}

/** Like `arrival`, but false when that takes too long or the server is closing. */
async function arrives(arrival: Promise<boolean>, time: number, { closing }: ServerSettings): Promise<boolean> {
  let onClosing = () => {}
  const closed = new Promise<boolean>((resolve) => {
    onClosing = () => resolve(false)
    if (closing?.aborted) onClosing()
    closing?.addEventListener('abort', onClosing, { once: true })
  })
  try {
    return await before(Promise.race([arrival, closed]), time, () => new Error('idle'))
  } catch {
    return false
  } finally {
    closing?.removeEventListener('abort', onClosing)
  }
}
