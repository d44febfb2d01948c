import type { Socket } from 'node:net'

/** How often a connection is looked at while its idle timeout would pass. */
const LOOKS = 8

/** One for all connections with the same idle timeout. */
const watches = new Map<number, IdleWatch>()

/**
 * From now on `socket` emits `timeout` when it has moved no byte for `idleTimeout` milliseconds: not too early, and a quarter
 * late at most. 0 is never. Returns what {@link unwatchIdle} ends.
 */
export function watchIdle(socket: Socket, idleTimeout: number): Watched | undefined {
  socket.setTimeout(0)
  if (idleTimeout === 0) return undefined
  const watch = watches.get(idleTimeout) ?? new IdleWatch(idleTimeout)
  const watched: Watched = { socket, watch, moved: -1, isArmed: false }
  watches.set(idleTimeout, watch)
  watch.add(watched)
  return watched
}

export function unwatchIdle(watched: Watched | undefined): void {
  if (watched === undefined) return
  const { watch } = watched
  watch.delete(watched)
  if (watch.size === 0) watches.delete(watch.idleTimeout)
}

/** One socket, as its watch knows it. */
export interface Watched {
  readonly socket: Socket
  readonly watch: IdleWatch
  /** All bytes that had moved when it was last looked at, in both directions. */
  moved: number
  /** Node's own timer has been set. */
  isArmed: boolean
}

/**
 * Looks eight times in an idle timeout which sockets have moved a byte since. One that has not gets Node's own timer, for the
 * whole time, and loses it again when it has.
 *
 * That timer alone would be moved with each read and each write, which is a thirtieth of all that a small request costs
 * (`npm run bench:http -- --only server`).
 */
class IdleWatch {
  readonly idleTimeout: number
  readonly #watched: Set<Watched> = new Set()
  #timer: NodeJS.Timeout | undefined

  constructor(idleTimeout: number) {
    this.idleTimeout = idleTimeout
  }

  get size(): number {
    return this.#watched.size
  }

  add(watched: Watched): void {
    this.#watched.add(watched)
    this.#timer ??= setInterval(look, this.idleTimeout / LOOKS, this).unref()
  }

  delete(watched: Watched): void {
    this.#watched.delete(watched)
    if (this.#watched.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  look(): void {
    for (const watched of this.#watched) this.#lookAt(watched)
  }

  #lookAt(watched: Watched): void {
    const { socket } = watched
    const moved = socket.bytesRead + socket.bytesWritten
    const isQuiet = moved === watched.moved
    watched.moved = moved
    if (isQuiet === watched.isArmed) return
    watched.isArmed = isQuiet
    socket.setTimeout(isQuiet ? this.idleTimeout : 0)
  }
}

function look(watch: IdleWatch): void {
  watch.look()
}
