import { type EncodedEvent, encodeComment, encodeEvent, isEncoded, type OutgoingEvent } from './encode.ts'
import { weEnded } from './errors.ts'
import type { EventSink } from './event-sink.ts'
import { quietly } from './quietly.ts'
import type { Session } from './session.ts'
import type { SessionSettings } from './session-options.ts'
import { SinkWriter } from './sink-writer.ts'
import type { Stop } from './stop.ts'

/** A publisher who writes what it owes a session at the end of a turn, or as soon as anybody else deals with the session. */
export interface Debt {
  settle(): void
}

/**
 * A session to those outside, who are given first what a publisher owes it. A class: a publisher holds thousands, and
 * reads from each before every event how far behind it is.
 */
export class SinkSession implements Session {
  readonly lastEventId: string | undefined
  readonly #writer: SinkWriter
  #debt: Debt | undefined

  constructor(sink: EventSink, settings: SessionSettings) {
    this.lastEventId = settings.lastEventId
    this.#writer = new SinkWriter(sink, settings)
  }

  get signal(): AbortSignal {
    this.settle()
    return this.#writer.life.signal
  }

  get closed(): Promise<void> {
    return this.#writer.life.closed
  }

  get unsent(): number {
    this.settle()
    return this.#writer.unsent
  }

  get behind(): number {
    return this.#writer.behind
  }

  send(event: OutgoingEvent | EncodedEvent): Promise<void> {
    return quietly(() => this.#write(isEncoded(event) ? event : encodeEvent(event)))
  }

  push(event: EncodedEvent): void {
    if (!isEncoded(event)) throw new TypeError('push takes what encodeEvent returns')
    this.settle()
    this.#writer.push(event.bytes)
  }

  comment(text?: string): Promise<void> {
    return quietly(() => this.#write(encodeComment(text)))
  }

  end(): Promise<void> {
    this.settle()
    void this.#writer.end()
    return this.closed
  }

  abort(reason: unknown = weEnded('the session was aborted')): void {
    this.settle()
    this.#writer.abort(reason)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end()
  }

  /** How to hear that nothing more is written, without a signal. */
  get stop(): Stop {
    return this.#writer.life
  }

  /** Lets one publisher owe this session what a turn has for it. */
  owe(debt: Debt): boolean {
    if (this.#debt !== undefined || !this.#writer.takesBlocks) return false
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
    return this.#writer.pushWithin(bytes, most)
  }

  #write({ bytes }: EncodedEvent): Promise<void> {
    this.settle()
    return this.#writer.write(bytes)
  }
}
