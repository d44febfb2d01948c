import { encodeComment } from './encode.ts'
import { letGo } from './timers.ts'

/** Tells the client nothing; but the path stays open, and we hear when it is not (HTML §9.2.7). */
const COMMENT: Uint8Array = encodeComment().bytes

/** Ten thousand comments at once would hold everybody else up: they come in groups, at most so many, one after the other. */
const MOST_GROUPS = 16

/** One for all sessions that share and have the same time: a timer for each takes a fifth of a kilobyte (`npm run bench:fanout -- --only idle`). */
const pulses = new Map<number, Pulse>()

/** Whom it beats for. */
interface Writer {
  readonly unsent: number
  push(bytes: Uint8Array): void
}

/** What {@link stopHeartbeat} stops; `undefined` if there was none to start. */
export type Heartbeat = Pulse | undefined

/**
 * Beats every so many milliseconds until stopped; 0 is never. Where it is shared, the first time may be early, by one group's
 * share of them.
 *
 * Not all may share: on Workers a timer ends with the request in which it was set.
 */
export function startHeartbeat(writer: Writer, milliseconds: number, isShared: boolean): Heartbeat {
  if (milliseconds === 0) return undefined
  const pulse = isShared ? sharedPulse(milliseconds) : new Pulse(milliseconds, 1)
  pulse.add(writer)
  return pulse
}

function sharedPulse(milliseconds: number): Pulse {
  const pulse = pulses.get(milliseconds) ?? new Pulse(milliseconds, groupsOf(milliseconds))
  pulses.set(milliseconds, pulse)
  return pulse
}

/** Does nothing the second time. */
export function stopHeartbeat(heartbeat: Heartbeat, writer: Writer): void {
  if (heartbeat === undefined) return
  heartbeat.delete(writer)
  const { milliseconds, isStopped } = heartbeat
  if (isStopped && pulses.get(milliseconds) === heartbeat) pulses.delete(milliseconds)
}

/** Goes round its groups once in so many milliseconds, for as long as there is anybody in them. */
class Pulse {
  readonly milliseconds: number
  readonly #groups: readonly Set<Writer>[]
  readonly #timer: ReturnType<typeof setInterval>
  #at: number = 0 // the group that has just had its turn: who comes now belongs to it
  #size: number = 0

  constructor(milliseconds: number, groups: number) {
    this.milliseconds = milliseconds
    this.#groups = Array.from({ length: groups }, () => new Set())
    this.#timer = setInterval(() => this.#takeTurn(), milliseconds / this.#groups.length)
    letGo(this.#timer)
  }

  get isStopped(): boolean {
    return this.#size === 0
  }

  add(writer: Writer): void {
    this.#groups[this.#at]?.add(writer)
    this.#size++
  }

  delete(writer: Writer): void {
    if (!this.#groups.some((group) => group.delete(writer))) return
    this.#size--
    if (this.isStopped) clearInterval(this.#timer)
  }

  #takeTurn(): void {
    this.#at = (this.#at + 1) % this.#groups.length
    for (const writer of this.#groups[this.#at] ?? []) beat(writer)
  }
}

/** Bytes that wait already say that we are here. */
function beat(writer: Writer): void {
  if (writer.unsent === 0) writer.push(COMMENT)
}

/** As many as there may be with whole milliseconds for each: timers drop fractions, and a round would be too short. */
function groupsOf(milliseconds: number): number {
  let groups = MOST_GROUPS
  while (groups > 1 && milliseconds % groups !== 0) groups--
  return groups
}
