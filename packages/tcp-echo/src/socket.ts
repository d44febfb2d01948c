import type { Socket } from 'node:net'
import { createCondition } from './condition.ts'
import type { Connection, ConnectionOptions } from './connection.ts'
import { notBytes, TcpError, toTcpError } from './errors.ts'
import { joinWrites } from './join-writes.ts'
import { connectionOptions } from './options.ts'
import { createReadAhead } from './read-ahead.ts'

/** One for every write that need not wait. */
const POLITE: Promise<void> = Promise.resolve()

/**
 * Makes a {@link Connection} of a connected socket. From then on the socket is ours: leave it alone.
 *
 * A plain socket must have been made with `allowHalfOpen: true`, or Node answers the peer's FIN with ours.
 * A TLS socket must not: Node would leave the TCP connection under it open for good.
 */
export function fromSocket(socket: Socket, options: ConnectionOptions = {}): Connection {
  const { idleTimeout, noDelay, keepAlive, keepAliveDelay } = connectionOptions(options)
  const over = new AbortController()
  const output = createCondition() // changes when the socket is given something, drains, finishes or closes
  const input = createReadAhead(() => {
    if (!input.full && socket.isPaused()) socket.resume()
  })
  const joined = joinWrites(socket, output.changed)
  let failure: unknown // what broke the connection, once something has
  let closed = false

  socket.setNoDelay(noDelay)
  socket.setKeepAlive(keepAlive, keepAliveDelay)
  socket.setTimeout(idleTimeout)
  socket.on('data', (bytes) => {
    input.push(bytes)
    if (input.full) socket.pause() // the kernel's buffer fills, and the peer's window closes
  })
  socket.on('end', input.end)
  socket.on('drain', output.changed).on('finish', output.changed)
  socket.on('timeout', () => fail(new TcpError('TCP_TIMEOUT', `no byte in either direction for ${idleTimeout} ms`)))
  socket.on('error', (error) => {
    failure ??= toTcpError(error)
  })
  socket.on('close', onClose)
  if (socket.closed) onClose()

  function onClose(): void {
    closed = true
    for (let rest = socket.read(); rest !== null; rest = socket.read()) input.push(rest) // arrived while we were paused
    const reason = failure ?? new TcpError('TCP_CLOSED', 'the connection is closed')
    input.fail(reason)
    over.abort(reason)
    output.changed()
  }

  /** Breaks the connection from our side; the first reason given is the one that stays. */
  function fail(reason: unknown): void {
    failure ??= reason
    if (!closed) reset(socket)
  }

  /** Whether more is waiting in this process than the socket likes to hold. */
  function isFull(): boolean {
    if (socket.writableNeedDrain) return true
    return joined.size > 0 && joined.size + socket.writableLength >= socket.writableHighWaterMark
  }

  async function untilPolite(): Promise<void> {
    await output.until(() => !isFull() || closed)
    if (failure !== undefined) throw failure
  }

  /** A socket that has just been lost says by what when it closes: a write in between must not put it down to us. */
  async function unwritable(): Promise<never> {
    if (failure === undefined && socket.destroyed) await output.until(() => closed)
    throw failure ?? new TcpError('TCP_CLOSED', 'cannot write: our side has ended')
  }

  return {
    local: { address: socket.localAddress ?? '', port: socket.localPort ?? 0 },
    remote: { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 },
    signal: over.signal,
    get unsent() {
      return socket.writableLength + joined.size
    },
    read: input.read,
    receive: input.receive,
    unread: input.unread,

    write(...parts) {
      if (!areBytes(parts)) return Promise.reject(notBytes())
      if (failure !== undefined || !socket.writable) return quietly(unwritable())
      joined.add(parts)
      return isFull() ? quietly(untilPolite()) : POLITE
    },

    send(latin1) {
      if (failure !== undefined || !socket.writable) return quietly(unwritable())
      joined.addText(latin1)
      return isFull() ? quietly(untilPolite()) : undefined
    },

    async end() {
      joined.flush()
      if (!socket.destroyed) socket.end()
      await output.until(() => socket.writableFinished || closed)
      if (!socket.writableFinished) throw failure ?? new TcpError('TCP_CLOSED', 'closed before everything was sent')
    },

    abort(reason) {
      fail(reason ?? new TcpError('TCP_CLOSED', 'aborted by this side'))
      input.discard(failure)
      over.abort(failure)
      output.changed()
    },

    unref() {
      socket.unref()
    },

    ref() {
      socket.ref()
    },

    async *[Symbol.asyncIterator]() {
      for (let bytes = await input.read(); bytes !== null; bytes = await input.read()) yield bytes
    },

    async [Symbol.asyncDispose]() {
      joined.flush()
      socket.destroySoon()
      await output.until(() => closed)
    },
  }
}

function areBytes(parts: readonly unknown[]): boolean {
  for (const part of parts) if (!(part instanceof Uint8Array)) return false
  return true
}

/** Whoever does not wait for a write learns from `signal` that the connection broke. */
function quietly(write: Promise<void>): Promise<void> {
  write.catch(() => {})
  return write
}

/**
 * RST where there is a TCP socket to send it from. For TLS, and for a pipe, Node refuses with an exception.
 *
 * While a FIN is on its way libuv refuses too, and Node does not pass that on: the socket would never close, and the
 * process could never exit. Everything has been sent by then, so closing is all that is left to do.
 */
function reset(socket: Socket): void {
  const finOnItsWay = socket.writableEnded && !socket.writableFinished && socket.writableLength === 0
  if (finOnItsWay) {
    socket.destroy()
    return
  }
  try {
    socket.resetAndDestroy()
  } catch {
    socket.destroy()
  }
}
