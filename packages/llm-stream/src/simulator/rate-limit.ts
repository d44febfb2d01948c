/** How much a client may still ask for. The simulator counts, and tells, but refuses nobody. */
export interface Allowance {
  readonly limit: number
  readonly remaining: number
  /** Milliseconds since 1970 at which `remaining` will be `limit` again. */
  readonly reset: number
}

const MINUTE = 60_000

/** A bucket that holds `limit` and fills up again in a minute. */
export function createAllowance(limit: number): { take(amount: number, now: number): Allowance } {
  let used = 0
  let since = Number.NEGATIVE_INFINITY
  return {
    take(amount, now) {
      const refilled = (Math.max(now - since, 0) / MINUTE) * limit
      used = Math.min(Math.max(used - refilled, 0) + amount, limit)
      since = now
      return { limit, remaining: Math.floor(limit - used), reset: now + Math.ceil((used / limit) * MINUTE) }
    },
  }
}
