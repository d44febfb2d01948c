import type { Socket } from 'node:net'
import { Condition } from './condition.ts'
import { notBytes, TcpError } from './errors.ts'
import { JoinedWrites } from './join-writes.ts'

/** One for every write that need not wait. */
const POLITE: Promise<void> = Promise.resolve()

/** The sending direction of a socket: when it is polite to go on, and when all has left. */
export class SocketOutput {
  /** What broke the connection, once something has; the first reason is the one that stays. */
  failure: unknown
  readonly #socket: Socket
  readonly #changes: Condition = new Condition() // when the socket is given something, drains, finishes or closes
  readonly #joined: JoinedWrites
  #isClosed: boolean = false
  #polite: Promise<void> | undefined // while somebody waits for room

  constructor(socket: Socket) {
    this.#socket = socket
    this.#joined = new JoinedWrites(socket, this.#changes)
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  get unsent(): number {
    return this.#socket.writableLength + this.#joined.size
  }

  write(parts: Uint8Array[]): Promise<void> {
    const size = sizeOf(parts)
    if (size === undefined) return Promise.reject(notBytes())
    if (this.failure !== undefined || !this.#socket.writable) return quietly(this.#unwritable())
    this.#joined.add(parts, size)
    return this.#isFull() ? this.#untilPolite() : POLITE
  }

  send(latin1: string, isLast: boolean): Promise<void> | undefined {
    if (this.failure !== undefined || !this.#socket.writable) return quietly(this.#unwritable())
    this.#joined.addText(latin1, isLast)
    return this.#isFull() ? this.#untilPolite() : undefined
  }

  async end(): Promise<void> {
    const socket = this.#socket
    this.#joined.flush()
    if (!socket.destroyed) socket.end(() => this.#changes.changed())
    await this.#changes.until(() => socket.writableFinished || this.#isClosed)
    if (socket.writableFinished) return
    throw this.failure ?? new TcpError('TCP_CLOSED', 'closed before everything was sent')
  }

  /** What was written leaves before an abort: that it waits for the end of the turn is our affair. */
  flush(): void {
    this.#joined.endTurn()
  }

  /** Whoever waits looks again: there has been an abort. */
  changed(): void {
    this.#changes.changed()
  }

  /** Sends what was written, then closes both directions. */
  async letGo(): Promise<void> {
    this.#joined.flush()
    this.#socket.destroySoon()
    await this.#changes.until(() => this.#isClosed)
  }

  /** The socket has closed: what was not sent will not be. */
  close(): void {
    this.#isClosed = true
    this.#joined.flush()
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
    await this.#changes.until(() => !this.#isFull() || this.#isClosed)
    this.#polite = undefined
    if (this.failure !== undefined) throw this.failure
  }

  /** A socket that has just been lost says by what when it closes: a write in between must not put it down to us. */
  async #unwritable(): Promise<never> {
    if (this.failure === undefined && this.#socket.destroyed) await this.#changes.until(() => this.#isClosed)
    throw this.failure ?? new TcpError('TCP_CLOSED', 'cannot write: our side has ended')
  }
}

/** In bytes; undefined if there is anything else among them. */
function sizeOf(parts: readonly unknown[]): number | undefined {
  let size = 0
  for (const part of parts) {
    if (!(part instanceof Uint8Array)) return undefined
    size += part.length
  }
  return size
}

/** Whoever does not wait for a write learns from `signal` that the connection broke. */
function quietly(write: Promise<void>): Promise<void> {
  write.catch(() => {})
  return write
}
