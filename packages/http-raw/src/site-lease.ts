import type { Connection } from '@sse-from-scratch/tcp-echo'
import type { KeptConnection } from './kept-connection.ts'
import type { Lease } from './lease.ts'
import type { WaitTimer } from './wait-timer.ts'

/** The use of a kept connection for one exchange. A class, because there is one for every request: see `FollowedSignal`. */
export class SiteLease implements Lease {
  readonly connection: Connection
  readonly reused: boolean
  readonly timer: WaitTimer
  readonly #kept: KeptConnection
  readonly #leave: () => void
  readonly #keep: (keepFor: number) => void
  #over: boolean = false
  #onEnd: (() => void) | undefined

  constructor(kept: KeptConnection, reused: boolean, leave: () => void, keep: (keepFor: number) => void) {
    this.connection = kept.connection
    this.reused = reused
    this.timer = kept.timer
    this.#kept = kept
    this.#leave = leave
    this.#keep = keep
    kept.lend(() => this.#end())
  }

  get heard(): boolean {
    return this.#kept.heard
  }

  onEnd(ended: () => void): void {
    this.#onEnd = ended
    if (this.#over) ended()
  }

  release(keepFor: number | undefined): void {
    if (this.#over) return
    if (keepFor === undefined) {
      void this.connection[Symbol.asyncDispose]() // and that ends the lease
      return
    }
    this.#keep(keepFor)
    this.#end()
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    this.#onEnd?.()
    this.#leave()
  }
}
