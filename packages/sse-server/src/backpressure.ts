/** Where writers wait for room. They all wait on one promise, so a thousand of them cost one listener. */
export interface Backpressure {
  wait(): Promise<void>
  /** There is room again. */
  release(): void
  /** There will never be. */
  fail(reason: unknown): void
}

export function createBackpressure(): Backpressure {
  let waiting: Promise<void> | undefined
  let resolve = () => {}
  let reject = (_: unknown) => {}
  return {
    wait() {
      waiting ??= new Promise((...settle) => {
        ;[resolve, reject] = settle
      })
      return waiting
    },
    release() {
      waiting = undefined
      resolve()
    },
    fail(reason) {
      reject(reason)
    },
  }
}
