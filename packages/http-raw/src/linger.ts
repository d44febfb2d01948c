import { type Connection, TcpError } from '@sse-from-scratch/tcp-echo'

/**
 * Closes a connection so that the peer can read what was said last (RFC 9112 §9.6): our FIN first, then we read on and
 * throw away, until the peer's FIN. Closing at once would answer what the peer still sends with a RST, and a RST makes
 * its kernel drop the answer that nobody has read yet: a client in mid-upload would never see its 413.
 *
 * Gives up after `time`; 0 leaves the closing to the caller. `idle` is awaited before anything is read. Never rejects.
 */
export async function lingeringClose(connection: Connection, time: number, idle: Promise<unknown>): Promise<void> {
  if (connection.signal.aborted || time === 0) return
  let timer: NodeJS.Timeout | undefined
  try {
    await endWatched(connection, time)
    timer = setTimeout(() => void connection[Symbol.asyncDispose](), time)
    await idle
    while ((await connection.read()) !== null);
  } catch {
    // It is gone, and with it the reason to linger.
  } finally {
    clearTimeout(timer)
  }
}

/** Sends FIN behind what is still unsent. A slow reader is a reader, but one who takes nothing for `time` is cut off. */
async function endWatched(connection: Connection, time: number): Promise<void> {
  let { unsent } = connection
  const watch = setInterval(() => {
    if (connection.unsent < unsent) unsent = connection.unsent
    else connection.abort(new TcpError('TCP_TIMEOUT', `nothing was taken in ${time} ms`))
  }, time)
  try {
    await connection.end()
  } finally {
    clearInterval(watch)
  }
}
