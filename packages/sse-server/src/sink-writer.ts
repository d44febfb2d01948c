import { clientGone, readerStalled, tooSlow, weEnded } from './errors.ts'
import type { EventSink, SinkWatcher } from './event-sink.ts'
import { follow } from './follow.ts'
import { type Heartbeat, startHeartbeat, stopHeartbeat } from './heartbeat.ts'
import { Lateness } from './lateness.ts'
import { Lifetime } from './lifetime.ts'
import type { SessionSettings } from './session-options.ts'
import { withDeadline } from './timers.ts'

/** Writes to a sink until one of the two is over: within the bounds of a session, and never waiting for ever. */
export class SinkWriter implements SinkWatcher {
  readonly life: Lifetime = new Lifetime()
  readonly #sink: EventSink
  readonly #sendTimeout: number
  readonly #maxUnsent: number
  readonly #lateness: Lateness = new Lateness()
  readonly #heartbeat: Heartbeat
  #unfollow: (() => void) | undefined // of a sink that has only a signal

  constructor(sink: EventSink, { opening, heartbeat, sendTimeout, maxUnsent }: SessionSettings) {
    this.#sink = sink
    this.#sendTimeout = sendTimeout
    this.#maxUnsent = maxUnsent
    if (sink.watch) sink.watch(this)
    else this.#unfollow = follow(sink.signal, this)
    if (opening) this.push(opening.bytes)
    this.#heartbeat = this.life.stopped ? undefined : startHeartbeat(this, heartbeat, sink.watch !== undefined)
  }

  /** Whether its sink can be given all of a turn at once. One without `push` must have every write when it is made. */
  get takesBlocks(): boolean {
    return this.#sink.push !== undefined
  }

  get unsent(): number {
    return this.#sink.unsent
  }

  get behind(): number {
    return this.#lateness.with(this.#sink.unsent)
  }

  /** Writes, waiting for nobody; a reader for whom too much is waiting is hung up on. */
  push(bytes: Uint8Array): void {
    if (!this.life.stopped && !this.#isFull()) this.#push(bytes)
  }

  /** Writes, unless more than `most` bytes would then be waiting: returns whether it has. */
  pushWithin(bytes: Uint8Array, most: number): boolean {
    const { unsent } = this.#sink
    this.#lateness.with(unsent)
    const after = unsent + bytes.length
    if (after > most || after > this.#maxUnsent || this.life.stopped) return false
    this.#push(bytes)
    return true
  }

  /** Writes, and waits until it is polite to write more. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.life.stopped || this.#isFull()) throw this.life.reason
    try {
      await this.#settled(this.#sink.write(bytes))
    } catch (cause) {
      this.#fail(cause)
      throw this.life.reason
    }
  }

  /** Ends after everything written so far. */
  async end(): Promise<void> {
    if (this.life.stopped) return
    stopHeartbeat(this.#heartbeat, this)
    this.life.stop(weEnded('the session has ended'))
    try {
      await this.#settled(this.#sink.end())
      this.#finish(undefined)
    } catch (cause) {
      this.#fail(cause)
    }
  }

  abort(reason: unknown): void {
    if (this.life.finished) return // the connection under us may be serving another request by now
    this.#finish(reason)
    this.#sink.abort(reason)
  }

  /** Called by the sink: there is nobody left to write to. */
  onOver(reason: unknown): void {
    this.#finish(clientGone(reason))
  }

  #push(bytes: Uint8Array): void {
    const sink = this.#sink
    try {
      if (sink.push) sink.push(bytes)
      else sink.write(bytes)?.catch((cause) => this.#fail(cause))
    } catch (cause) {
      this.#fail(cause)
    }
  }

  /** Hangs up on a reader for whom too much is waiting already. Whoever waits for room never gets there. */
  #isFull(): boolean {
    const { unsent } = this.#sink
    this.#lateness.with(unsent)
    if (unsent <= this.#maxUnsent) return false
    this.abort(tooSlow(unsent))
    return true
  }

  /** Waits for the sink, but not for ever. Most waits are over before they begin, and need no timer. */
  async #settled(wait: Promise<void> | void): Promise<void> {
    if (wait === undefined || this.#sink.unsent === 0) return wait
    await withDeadline(wait, this.#sendTimeout, () => this.abort(readerStalled(this.#sendTimeout)))
  }

  #fail(cause: unknown): void {
    this.abort(clientGone(cause))
  }

  #finish(reason: unknown): void {
    stopHeartbeat(this.#heartbeat, this)
    this.#sink.unwatch?.(this)
    this.#unfollow?.()
    this.life.finish(reason)
  }
}
