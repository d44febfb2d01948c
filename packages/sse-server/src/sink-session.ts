import { type EncodedEvent, encodeComment, encodeEvent, isEncoded, type OutgoingEvent } from './encode.ts'
import { clientGone, readerStalled, tooSlow, weEnded } from './errors.ts'
import type { EventSink, SinkWatcher } from './event-sink.ts'
import { follow } from './follow.ts'
import { type Heartbeat, startHeartbeat, stopHeartbeat } from './heartbeat.ts'
import { Lifetime } from './lifetime.ts'
import { quietly } from './quietly.ts'
import type { Session } from './session.ts'
import type { SessionSettings } from './session-options.ts'
import type { Stop } from './stop.ts'
import { withDeadline } from './timers.ts'
import { currentTurn } from './turn.ts'

/** A publisher who writes what it owes a session at the end of a turn, or as soon as anybody else deals with the session. */
export interface Debt {
  settle(): void
}

/** A class: a publisher holds thousands, and reads from each before every event how far behind it is. */
export class SinkSession implements Session, SinkWatcher {
  readonly lastEventId: string | undefined
  readonly #sink: EventSink
  readonly #sendTimeout: number
  readonly #maxUnsent: number
  readonly #life: Lifetime = new Lifetime()
  readonly #heartbeat: Heartbeat
  #debt: Debt | undefined
  #turn: number = -1
  #behind: number = 0 // what was waiting when that turn began, and still is
  #unfollow: (() => void) | undefined // of a sink that has only a signal

  constructor(sink: EventSink, { lastEventId, opening, heartbeat, sendTimeout, maxUnsent }: SessionSettings) {
    this.lastEventId = lastEventId
    this.#sink = sink
    this.#sendTimeout = sendTimeout
    this.#maxUnsent = maxUnsent
    if (sink.watch) sink.watch(this)
    else this.#unfollow = follow(sink.signal, this)
    if (opening) this.push(opening)
    this.#heartbeat = this.#life.stopped ? undefined : startHeartbeat(this, heartbeat)
  }

  get signal(): AbortSignal {
    this.#debt?.settle()
    return this.#life.signal
  }

  get closed(): Promise<void> {
    return this.#life.closed
  }

  get unsent(): number {
    this.#debt?.settle()
    return this.#sink.unsent
  }

  get behind(): number {
    return this.#lateWith(this.#sink.unsent)
  }

  send(event: OutgoingEvent | EncodedEvent): Promise<void> {
    return quietly(() => this.#write(isEncoded(event) ? event.bytes : encodeEvent(event).bytes))
  }

  push(event: EncodedEvent): void {
    if (!isEncoded(event)) throw new TypeError('push takes what encodeEvent returns')
    this.#debt?.settle()
    if (!this.#life.stopped && !this.#isFull()) this.#push(event.bytes)
  }

  comment(text?: string): Promise<void> {
    return quietly(() => this.#write(encodeComment(text).bytes))
  }

  end(): Promise<void> {
    this.#debt?.settle()
    if (!this.#life.stopped) void this.#finishWriting()
    return this.closed
  }

  abort(reason: unknown = weEnded('the session was aborted')): void {
    this.#debt?.settle()
    if (this.#life.finished) return // the connection under us may be serving another request by now
    this.#finish(reason)
    this.#sink.abort(reason)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end()
  }

  /** Called by the sink: there is nobody left to write to. */
  onOver(reason: unknown): void {
    this.#finish(clientGone(reason))
  }

  /** How to hear that nothing more is written, without a signal. */
  get stop(): Stop {
    return this.#life
  }

  /** Lets one publisher owe this session what a turn has for it. A sink that must have every write at once has no `push`. */
  owe(debt: Debt): boolean {
    if (this.#debt !== undefined || this.#sink.push === undefined) return false
    this.#debt = debt
    return true
  }

  /** Has the publisher write it. */
  settle(): void {
    this.#debt?.settle()
  }

  /** The publisher is gone. */
  forgive(debt: Debt): void {
    if (this.#debt === debt) this.#debt = undefined
  }

  /** Writes for the publisher, unless more than `most` bytes would then be waiting: that is to be looked at event by event. */
  pushWithin(bytes: Uint8Array, most: number): boolean {
    const { unsent } = this.#sink
    this.#lateWith(unsent)
    const after = unsent + bytes.length
    if (after > most || after > this.#maxUnsent || this.#life.stopped) return false
    this.#push(bytes)
    return true
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
    this.#lateWith(unsent) // before this turn's first write adds to it
    if (unsent <= this.#maxUnsent) return false
    this.abort(tooSlow(unsent))
    return true
  }

  #lateWith(unsent: number): number {
    const turn = currentTurn()
    if (turn !== this.#turn) {
      this.#turn = turn
      this.#behind = unsent
    } else if (unsent < this.#behind) this.#behind = unsent
    return this.#behind
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#debt?.settle()
    if (this.#life.stopped || this.#isFull()) throw this.#life.reason
    try {
      await this.#settled(this.#sink.write(bytes))
    } catch (cause) {
      this.#fail(cause)
      throw this.#life.reason
    }
  }

  async #finishWriting(): Promise<void> {
    stopHeartbeat(this.#heartbeat)
    this.#life.stop(weEnded('the session has ended'))
    try {
      await this.#settled(this.#sink.end())
      this.#finish(undefined)
    } catch (cause) {
      this.#fail(cause)
    }
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
    stopHeartbeat(this.#heartbeat)
    this.#sink.unwatch?.(this)
    this.#unfollow?.()
    this.#life.finish(reason)
  }
}
