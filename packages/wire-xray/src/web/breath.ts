/** Milliseconds of work between two turns of the event loop: a tap in the same process has traffic to pass on. */
const SLICE = 2

/** Lets others have their turn, each time so much has been done. */
export function createBreath(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < SLICE) return
    await new Promise((turn) => setImmediate(turn))
    since = performance.now()
  }
}
