import type { Socket } from 'node:net'
import type { Connection, ConnectionOptions, Endpoint, Receiver, Watcher } from './connection.ts'
import { ConnectionEnd } from './connection-end.ts'
import { TcpError, toTcpError } from './errors.ts'
import { unwatchIdle, type Watched, watchIdle } from './idle-watch.ts'
import { connectionOptions } from './options.ts'
import { ReadAhead } from './read-ahead.ts'
import { reset } from './reset.ts'
import { SocketOutput } from './socket-output.ts'
import { owning } from './socket-owner.ts'

/**
 * Makes a {@link Connection} of a connected socket. From then on the socket is ours: leave it alone.
 *
 * A plain socket must have been made with `allowHalfOpen: true` (`net.connect` and `net.createServer` both take it), or Node
 * answers the peer's FIN with ours, and what we still had to say is lost.
 * A TLS socket must not: Node would leave the TCP connection under it open for good.
 */
export function fromSocket(socket: Socket, options: ConnectionOptions = {}): Connection {
  return new SocketConnection(socket, connectionOptions(options))
}

/** A class for what it costs to hold, see {@link ReadAhead}, and to ask: publishers read `unsent` before every event. */
export class SocketConnection implements Connection {
  readonly local: Endpoint
  readonly remote: Endpoint
  readonly #socket: Socket
  readonly #over: ConnectionEnd = new ConnectionEnd()
  readonly #input: ReadAhead = new ReadAhead()
  readonly #output: SocketOutput
  readonly #watched: Watched | undefined

  static readonly #own = owning<SocketConnection>({
    onBytes: (connection, bytes) => SocketConnection.arrived(connection, bytes, false),
    onFin: (connection) => connection.#input.end(),
    onQuiet: (connection) => connection.#onQuiet(),
    onError(connection, error) {
      connection.#output.failure ??= toTcpError(error)
    },
    onClosed: (connection) => connection.#onClosed(),
  })

  /** For {@link connect}, whose sockets do not tell by events what they read. `mayOverwrite` as in {@link Receiver}. */
  static arrived(connection: SocketConnection, bytes: Uint8Array, mayOverwrite: boolean): void {
    connection.#input.push(bytes, mayOverwrite)
    if (connection.#input.full) connection.#socket.pause() // the kernel's buffer fills, and the peer's window closes
  }

  constructor(socket: Socket, { idleTimeout, noDelay, keepAlive, keepAliveDelay }: Required<ConnectionOptions>) {
    this.local = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 }
    this.remote = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 }
    this.#socket = socket
    this.#output = new SocketOutput(socket)
    socket.setNoDelay(noDelay)
    socket.setKeepAlive(keepAlive, keepAliveDelay)
    this.#watched = watchIdle(socket, idleTimeout)
    SocketConnection.#own(socket, this)
    if (socket.closed) this.#onClosed()
  }

  get signal(): AbortSignal {
    return this.#over.signal
  }

  watch(watcher: Watcher): void {
    this.#over.watch(watcher)
  }

  unwatch(watcher: Watcher): void {
    this.#over.unwatch(watcher)
  }

  get unsent(): number {
    return this.#output.unsent
  }

  read(): Promise<Uint8Array | null> {
    return new Promise((resolve, reject) => this.receive({ onBytes: resolve, onBroken: reject }))
  }

  receive(receiver: Receiver): void {
    this.#input.receive(receiver)
    if (!this.#input.full && this.#socket.isPaused()) this.#socket.resume()
  }

  unread(bytes: Uint8Array): void {
    this.#input.unread(bytes)
  }

  write(...parts: Uint8Array[]): Promise<void> {
    return this.#output.write(parts)
  }

  send(latin1: string, isLast: boolean = false): Promise<void> | undefined {
    return this.#output.send(latin1, isLast)
  }

  end(): Promise<void> {
    return this.#output.end()
  }

  abort(reason?: unknown): void {
    this.#output.flush()
    const why = this.#fail(reason ?? new TcpError('TCP_CLOSED', 'aborted by this side'))
    this.#input.discard(why)
    this.#over.reach(why)
    this.#output.changed()
  }

  unref(): void {
    this.#socket.unref()
  }

  ref(): void {
    this.#socket.ref()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    for (let bytes = await this.read(); bytes !== null; bytes = await this.read()) yield bytes
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#output.letGo()
  }

  #onQuiet(): void {
    const idleTimeout = this.#watched?.watch.idleTimeout
    this.#fail(new TcpError('TCP_TIMEOUT', `no byte in either direction for ${idleTimeout} ms`))
  }

  #onClosed(): void {
    const socket = this.#socket
    unwatchIdle(this.#watched)
    this.#output.close()
    for (let rest = socket.read(); rest !== null; rest = socket.read()) this.#input.push(rest) // arrived while we were paused
    const reason = this.#output.failure ?? new TcpError('TCP_CLOSED', 'the connection is closed')
    this.#input.fail(reason)
    this.#over.reach(reason)
    this.#output.changed()
  }

  /** Breaks the connection from our side. Returns why it is broken: the first reason given is the one that stays. */
  #fail(reason: unknown): unknown {
    this.#output.failure ??= reason
    if (!this.#output.isClosed) reset(this.#socket)
    return this.#output.failure
  }
}
