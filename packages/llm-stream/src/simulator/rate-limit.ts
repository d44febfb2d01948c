/** How much a client may still ask for.  */
export interface Allowance {
  readonly limit: number
  readonly remaining: number
  /** Milliseconds since 1970 at which `remaining` will be `limit` again. */
  readonly reset: number
}

const MINUTE = 60_000

/** A bucket that holds `limit` and fills up again in a minute. */
export interface Bucket {
  take(amount: number, now: number): Allowance
  /** Milliseconds until there is as much in it; 0 if there is. */
  waitFor(amount: number, now: number): number
}

export function createAllowance(limit: number): Bucket {
  let used = 0
  let since = Number.NEGATIVE_INFINITY
  const usedAt = (now: number) => Math.max(used - (Math.max(now - since, 0) / MINUTE) * limit, 0)
  return {
    take(amount, now) {
      used = Math.min(usedAt(now) + amount, limit)
      since = now
      return { limit, remaining: Math.floor(limit - used), reset: now + Math.ceil((used / limit) * MINUTE) }
    },
    waitFor: (amount, now) => Math.max(Math.ceil(((usedAt(now) + amount - limit) / limit) * MINUTE), 0),
  }
}
