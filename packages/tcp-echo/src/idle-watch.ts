import type { Socket } from 'node:net'

/** How often a connection is looked at while its idle timeout would pass. */
const LOOKS = 8

/** One for all connections with the same idle timeout. */
const watches = new Map<number, IdleWatch>()

/** Who is told that a socket is quiet. */
export interface QuietListener {
  onQuiet(): void
}

/**
 * From now on `listener` is told when `socket` has moved no byte for `idleTimeout` milliseconds: not too early, and a quarter
 * late at most. 0 is never. Returns what {@link unwatchIdle} ends.
 */
export function watchIdle(socket: Socket, idleTimeout: number, listener: QuietListener): Watched | undefined {
  socket.setTimeout(0)
  if (idleTimeout === 0) return undefined
  const watch = watches.get(idleTimeout) ?? new IdleWatch(idleTimeout)
  const watched: Watched = { socket, watch, listener, moved: -1, onTimeout: undefined, isArmed: false }
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
  readonly listener: QuietListener
  /** All bytes that had moved when it was last looked at, in both directions. */
  moved: number
  /** What Node is given with its timer. Most need none. */
  onTimeout: (() => void) | undefined
  /** That timer has been set. */
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
    watched.onTimeout ??= () => watched.listener.onQuiet()
    socket.setTimeout(isQuiet ? this.idleTimeout : 0, watched.onTimeout) // with 0, Node forgets it
  }
}

function look(watch: IdleWatch): void {
  watch.look()
}
