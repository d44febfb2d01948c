/**
 * A signal that aborts with another, until it is told to stop: on a kept connection, handlers come and go. Made when it
 * is first asked for, since most handlers never do.
 *
 * A class, as is every other thing here that is made once a request and has a getter: the V8 of Node 20 makes each getter
 * of an object literal anew, every time, and those of a class once.
 */
export class FollowedSignal {
  readonly #source: AbortSignal
  #controller: AbortController | undefined
  #follow: (() => void) | undefined
  #stopped: boolean = false

  constructor(source: AbortSignal) {
    this.#source = source
  }

  get signal(): AbortSignal {
    this.#controller ??= this.#start(new AbortController())
    return this.#controller.signal
  }

  stop(): void {
    this.#stopped = true
    if (this.#follow) this.#source.removeEventListener('abort', this.#follow)
  }

  #start(controller: AbortController): AbortController {
    const follow = () => controller.abort(this.#source.reason)
    if (this.#stopped) return controller
    if (this.#source.aborted) follow()
    else {
      this.#follow = follow
      this.#source.addEventListener('abort', follow, { once: true })
    }
    return controller
  }
}
