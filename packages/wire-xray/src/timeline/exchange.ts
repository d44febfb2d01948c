import type { RequestHead, ResponseHead } from '@sse-from-scratch/http-raw'
import type { FindingKind } from '../finding.ts'
import type { Item } from '../proxy/item.ts'

/** A request, its answer, and all that happened meanwhile. Times are milliseconds, on the clock of the items. */
export interface Exchange {
  /** Over all connections, counted from 1. */
  readonly number: number
  readonly connection: number
  /** On its connection, counted from 0: what findings call their exchange. */
  readonly index: number
  /** When the head of the request had come: where its times count from. */
  readonly askedAt: number
  /** Credentials are stars, as in everything here. */
  readonly request: RequestHead
  /** The final answer, once its head is there. */
  readonly response: ResponseHead | undefined
  /** In the order in which they were told. What is found in compressed content may stand behind what came later. */
  readonly items: readonly Item[]
  /** Which items are missing, if there were too many. */
  readonly leftOut: LeftOut | undefined
  /** How many there were of each, those that are missing included. */
  readonly counts: Counts
  readonly end: ExchangeEnd
}

/** Items that were let go of: the first and the last are there, and what is wrong in between, behind the hole. */
export interface LeftOut {
  /** The hole is behind so many items. */
  readonly behind: number
  readonly items: number
}

/** How many findings there were of a kind, and how many reads; those that are not there were none. */
export type Counts = Readonly<Partial<Record<FindingKind | 'read', number>>>

/** How an answer ended; what is `complete` may still lack the provider's end mark. */
export interface ExchangeEnd {
  readonly kind:
    | 'open' // it has not, or nobody knows
    | 'complete' // as its framing says; an answer without any ends with the connection
    | 'cut' // the server's FIN came before that
    | 'reset' // a RST did, of the side that `by` names
    | 'failed' // the connection broke in another way, or was never there
    | 'unreadable' // a decoder refused a byte
    | 'gap' // the x-ray could not keep up
  readonly at?: number
  /** Of a reset: `up` is the client. */
  readonly by?: 'up' | 'down'
  /** Of what failed, was cut or is unreadable. */
  readonly code?: string
}
