import type { FindingItem } from '../proxy/item.ts'
import type { Exchanges, ShownExchange } from './exchanges.ts'
import type { Group } from './group.ts'

/** Says which exchange lines belong to, and counts their times from its beginning. */
export interface Headings {
  /** The line in front of a group's, where another exchange or connection has its turn. */
  of(group: Group): string | undefined
  /** Milliseconds since the request, and since the group that was drawn before. */
  timesOf(group: Group): readonly [time: string, gap: string]
}

/** Connections whose beginning is remembered. */
const REMEMBERED = 4096

export function createHeadings(exchanges: Exchanges): Headings {
  let current: number | undefined // the connection the last lines were of
  let lastAt: number | undefined
  const starts = new Map<number, number>() // of the exchange that a connection is in

  function begin({ connection, askedAt, number, request }: ShownExchange): string {
    starts.delete(connection) // it is the newest now
    starts.set(connection, askedAt)
    forgetOldest()
    current = connection
    lastAt = undefined
    return `── #${number} ${request}  (connection ${connection})`
  }

  /** Connections end, and there may be many: the oldest are over, or have been silent for long. */
  function forgetOldest(): void {
    const [oldest] = starts.keys()
    if (starts.size > REMEMBERED && oldest !== undefined) starts.delete(oldest)
  }

  function begunIn({ found }: Group): ShownExchange | undefined {
    const head = found.find((item) => item.kind === 'finding' && isRequestHead(item))
    return head?.kind === 'finding' ? exchanges.of(head) : undefined
  }

  return {
    of(group) {
      const begun = begunIn(group)
      if (begun) return begin(begun)
      const { connection } = group.cause
      if (current === connection || !starts.has(connection)) return undefined
      current = connection
      lastAt = undefined
      return `── connection ${connection}`
    },
    timesOf({ cause }) {
      const gap = Math.round(cause.at - (lastAt ?? cause.at))
      lastAt = cause.at
      return [(cause.at - (starts.get(cause.connection) ?? cause.at)).toFixed(1), gap > 0 ? `+${gap}` : '']
    },
  }
}

function isRequestHead({ finding }: FindingItem): boolean {
  return finding.kind === 'head' && finding.direction === 'up'
}
