import type { Receiver } from '@sse-from-scratch/tcp-echo'
import { EventQueue } from './event-queue.ts'
import type { MessageDecoder, MessageEvent } from './head-then-body.ts'
import type { MessageEventsOptions, MessageSource } from './message-source.ts'

/**
 * The I/O shell around a message decoder: one read of the connection at a time, only when asked.
 *
 * Whoever wants the next event takes it, and waits for more only if there is none: what came in one read costs one
 * promise. A class, because there is one for every message: see `FollowedSignal`.
 */
export class MessageEvents<Head> implements Receiver {
  readonly #connection: MessageSource
  readonly #decoder: MessageDecoder<Head>
  readonly #options: MessageEventsOptions
  readonly #queue: EventQueue<Head> = new EventQueue()
  #phase: 'head' | 'before-body' | 'body'
  #isReading: boolean = false
  #reading: Promise<void> | undefined // what everybody waits for who came while it was
  #wake: (() => void) | undefined
  #failure: { readonly error: unknown } | undefined
  #over: boolean = false

  constructor(connection: MessageSource, decoder: MessageDecoder<Head>, options: MessageEventsOptions) {
    this.#connection = connection
    this.#decoder = decoder
    this.#options = options
    this.#phase = options.headless ? 'before-body' : 'head'
  }

  /** Why there is nothing more to take: the first thing that was wrong with this message, or that somebody has had enough. */
  get failure(): { readonly error: unknown } | undefined {
    const { signal } = this.#options
    return signal?.aborted ? { error: signal.reason } : this.#failure
  }

  /** The peer has sent FIN: what can be taken now is all there will be. */
  get over(): boolean {
    return this.#over
  }

  /** The next event that is here. Throws for ever once something is wrong, after what was right. */
  take(): MessageEvent<Head> | undefined {
    const { signal } = this.#options
    if (signal?.aborted) throw signal.reason
    const event = this.#queue.take()
    if (event?.kind === 'head') this.#phase = 'before-body'
    if (event === undefined && this.#failure) throw this.#failure.error
    return event
  }

  /** Resolves when there may be more to take: after one read, however many wait for it. */
  more(): Promise<void> {
    if (this.#reading !== undefined) return this.#reading
    this.#isReading = true
    const reading = this.#readOnce()
    if (this.#isReading) this.#reading = reading // else what was there has been received already
    return reading
  }

  /** Makes every later {@link take} throw, once it has given out what is here. */
  fail(error: unknown): void {
    this.#failure ??= { error }
  }

  #readOnce(): Promise<void> {
    const { beforeBody, within } = this.#options
    if (this.#phase === 'before-body') {
      this.#phase = 'body'
      if (beforeBody) return beforeBody().finally(() => this.#readDone())
    }
    if (this.#connection.receive && !within) return this.#receive()
    const read = this.#connection.read()
    const inTime = within && this.#phase === 'body' ? within(read) : read
    return inTime.then(
      (bytes) => this.onBytes(bytes),
      (error) => this.onBroken(error),
    )
  }

  #receive(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
      this.#connection.receive?.(this)
    })
  }

  /** Called by the connection that is read. */
  onBytes(bytes: Uint8Array | null, mayOverwrite: boolean = false): void {
    this.#readDone()
    try {
      if (bytes === null) this.#end()
      else this.#push(bytes, mayOverwrite)
    } catch (error) {
      this.fail(error)
    }
    this.#queue.endRead()
    if (this.#queue.isComplete) this.#options.onComplete?.()
    this.#wake?.()
  }

  /** Called by the connection that is read. */
  onBroken(error: unknown): void {
    this.#readDone()
    this.fail(error)
    this.#wake?.()
  }

  #readDone(): void {
    this.#isReading = false
    this.#reading = undefined
  }

  #push(bytes: Uint8Array, mayOverwrite: boolean): void {
    const taken = this.#decoder.push(bytes, (event) => this.#queue.add(event), mayOverwrite)
    if (taken < bytes.length) this.#connection.unread(bytes.subarray(taken))
  }

  #end(): void {
    this.#over = true
    this.#decoder.end((event) => this.#queue.add(event))
  }
}
