import type { MessageEvent } from './head-then-body.ts'
import { PieceJoiner } from './piece-joiner.ts'

/** What has been decoded of a message and nobody has taken yet, in order: the small pieces of one read as one. */
export class EventQueue<Head> {
  readonly #events: MessageEvent<Head>[] = []
  readonly #joiner: PieceJoiner = new PieceJoiner()
  #complete: boolean = false

  /** The last event of the message has come, whether it is still here or not. */
  get isComplete(): boolean {
    return this.#complete
  }

  add(event: MessageEvent<Head>): void {
    if (event.kind === 'data' && this.#joiner.add(event.data)) return
    this.endRead()
    this.#events.push(event)
    if (event.kind === 'end') this.#complete = true
  }

  /** What has come of it can be taken now: nothing more will be joined to that. */
  endRead(): void {
    const data = this.#joiner.take()
    if (data) this.#events.push({ kind: 'data', data })
  }

  take(): MessageEvent<Head> | undefined {
    return this.#events.shift()
  }
}
