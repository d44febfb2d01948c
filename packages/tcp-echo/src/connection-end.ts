import type { Watcher } from './connection.ts'

const NOBODY: Watcher[] = [] // never changed

/**
 * The end of a connection, told to whoever wants to know.
 *
 * The signal is made when it is first asked for: with two listeners it takes 1.1 KB, and a server may hold ten thousand
 * connections of which nobody has asked (`npm run bench:fanout -- --only idle`).
 */
export class ConnectionEnd {
  #isOver: boolean = false
  #reason: unknown
  #watchers: Watcher[] = NOBODY
  #controller: AbortController | undefined

  get signal(): AbortSignal {
    if (this.#controller) return this.#controller.signal
    this.#controller = new AbortController()
    if (this.#isOver) this.#controller.abort(this.#reason)
    return this.#controller.signal
  }

  /** As in {@link Connection}, and so is {@link unwatch}. */
  watch(watcher: Watcher): void {
    if (this.#isOver) watcher.onOver(this.#reason)
    else this.#watchers = this.#watchers.concat(watcher) // spread, it would keep room for seventeen
  }

  unwatch(watcher: Watcher): void {
    this.#watchers = this.#watchers.filter((other) => other !== watcher)
  }

  /** The first reason given is the one that stays. */
  reach(reason: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#reason = reason
    const watchers = this.#watchers
    this.#watchers = NOBODY
    this.#controller?.abort(reason)
    for (const watcher of watchers) watcher.onOver(reason)
  }
}
