import type { Socket } from 'node:net'
import { Condition } from './condition.ts'
import type { Connection, ConnectionOptions, Endpoint, Receiver, Watcher } from './connection.ts'
import { ConnectionEnd } from './connection-end.ts'
import { notBytes, TcpError, toTcpError } from './errors.ts'
import { unwatchIdle, type Watched, watchIdle } from './idle-watch.ts'
import { JoinedWrites } from './join-writes.ts'
import { connectionOptions } from './options.ts'
import { ReadAhead } from './read-ahead.ts'
import { reset } from './reset.ts'

/** One for every write that need not wait. */
const POLITE: Promise<void> = Promise.resolve()

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
class SocketConnection implements Connection {
  readonly local: Endpoint
  readonly remote: Endpoint
  readonly #socket: Socket
  readonly #over: ConnectionEnd = new ConnectionEnd()
  readonly #input: ReadAhead = new ReadAhead()
  readonly #output: Condition = new Condition() // changes when the socket is given something, drains, finishes or closes
  readonly #joined: JoinedWrites
  readonly #watched: Watched | undefined
  #failure: unknown // what broke the connection, once something has
  #closed: boolean = false
  #polite: Promise<void> | undefined // while somebody waits for room

  constructor(socket: Socket, { idleTimeout, noDelay, keepAlive, keepAliveDelay }: Required<ConnectionOptions>) {
    this.local = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 }
    this.remote = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 }
    this.#socket = socket
    this.#joined = new JoinedWrites(socket, this.#output)
    socket.setNoDelay(noDelay)
    socket.setKeepAlive(keepAlive, keepAliveDelay)
    this.#watched = watchIdle(socket, idleTimeout, () => this.#fail(tooQuiet(idleTimeout)))
    socket.on('data', (bytes) => {
      this.#input.push(bytes)
      if (this.#input.full) socket.pause() // the kernel's buffer fills, and the peer's window closes
    })
    socket.on('end', () => this.#input.end())
    socket.on('error', (error) => {
      this.#failure ??= toTcpError(error)
    })
    socket.on('close', () => this.#close())
    if (socket.closed) this.#close()
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
    return this.#socket.writableLength + this.#joined.size
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

  write(...parts: readonly Uint8Array[]): Promise<void> {
    if (!areBytes(parts)) return Promise.reject(notBytes())
    if (this.#failure !== undefined || !this.#socket.writable) return quietly(this.#unwritable())
    this.#joined.add(parts)
    return this.#isFull() ? this.#untilPolite() : POLITE
  }

  send(latin1: string, isLast: boolean = false): Promise<void> | undefined {
    if (this.#failure !== undefined || !this.#socket.writable) return quietly(this.#unwritable())
    this.#joined.addText(latin1, isLast)
    return this.#isFull() ? this.#untilPolite() : undefined
  }

  async end(): Promise<void> {
    const socket = this.#socket
    this.#joined.flush()
    if (!socket.destroyed) socket.end(() => this.#output.changed())
    await this.#output.until(() => socket.writableFinished || this.#closed)
    if (socket.writableFinished) return
    throw this.#failure ?? new TcpError('TCP_CLOSED', 'closed before everything was sent')
  }

  abort(reason?: unknown): void {
    this.#joined.endTurn() // what was written before has gone before: that it waits for the end of the turn is our affair
    this.#fail(reason ?? new TcpError('TCP_CLOSED', 'aborted by this side'))
    this.#input.discard(this.#failure)
    this.#over.reach(this.#failure)
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

  async [Symbol.asyncDispose](): Promise<void> {
    this.#joined.flush()
    this.#socket.destroySoon()
    await this.#output.until(() => this.#closed)
  }

  #close(): void {
    const socket = this.#socket
    this.#closed = true
    unwatchIdle(this.#watched)
    this.#joined.flush() // there is nobody left to give it to
    for (let rest = socket.read(); rest !== null; rest = socket.read()) this.#input.push(rest) // arrived while we were paused
    const reason = this.#failure ?? new TcpError('TCP_CLOSED', 'the connection is closed')
    this.#input.fail(reason)
    this.#over.reach(reason)
    this.#output.changed()
  }

  /** Breaks the connection from our side; the first reason given is the one that stays. */
  #fail(reason: unknown): void {
    this.#failure ??= reason
    if (!this.#closed) reset(this.#socket)
  }

  /** Whether more is waiting in this process than the socket likes to hold. */
  #isFull(): boolean {
    const socket = this.#socket
    if (socket.writableNeedDrain) return true
    const { size } = this.#joined
    return size > 0 && size + socket.writableLength >= socket.writableHighWaterMark
  }

  /** One promise for all who wait: nobody may be waiting, and a thousand writes to a stalled reader must not cost more. */
  #untilPolite(): Promise<void> {
    this.#polite ??= quietly(this.#room())
    return this.#polite
  }

  async #room(): Promise<void> {
    await this.#output.until(() => !this.#isFull() || this.#closed)
    this.#polite = undefined
    if (this.#failure !== undefined) throw this.#failure
  }

  /** A socket that has just been lost says by what when it closes: a write in between must not put it down to us. */
  async #unwritable(): Promise<never> {
    if (this.#failure === undefined && this.#socket.destroyed) await this.#output.until(() => this.#closed)
    throw this.#failure ?? new TcpError('TCP_CLOSED', 'cannot write: our side has ended')
  }
}

function tooQuiet(idleTimeout: number): TcpError {
  return new TcpError('TCP_TIMEOUT', `no byte in either direction for ${idleTimeout} ms`)
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
