import { HttpError } from './errors.ts'

/** So many may be inside; the others wait in the order in which they came. */
export interface Queue {
  readonly inside: number
  readonly waiting: number
  /** Goes in if there is a place. */
  enter(): boolean
  /** Resolves when a place has become ours. Rejects with the signal's reason, or with `HTTP_POOL_FULL` at once. */
  wait(signal: AbortSignal): Promise<void>
  /** Gives the place back, or rather on: nobody overtakes those who wait. */
  leave(): void
}

export function createQueue(places: number, maxWaiting: number): Queue {
  const line = new Set<() => void>() // a Set keeps insertion order: first come, first served
  let inside = 0

  return {
    get inside() {
      return inside
    },
    get waiting() {
      return line.size
    },
    enter() {
      if (inside >= places) return false
      inside++
      return true
    },
    wait(signal) {
      if (line.size >= maxWaiting) return Promise.reject(full(maxWaiting))
      return new Promise((resolve, reject) => {
        const admit = () => {
          signal.removeEventListener('abort', giveUp)
          resolve()
        }
        const giveUp = () => {
          line.delete(admit)
          reject(signal.reason)
        }
        line.add(admit)
        signal.addEventListener('abort', giveUp, { once: true })
      })
    },
    leave() {
      const [next] = line
      if (next === undefined) {
        inside--
        return
      }
      line.delete(next)
      next()
    },
  }
}

function full(maxWaiting: number): HttpError {
  return new HttpError('HTTP_POOL_FULL', `more than maxWaiting, ${maxWaiting}, requests wait for a connection`, {
    status: 503,
  })
}
