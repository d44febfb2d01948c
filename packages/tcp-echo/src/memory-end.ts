import { Condition } from './condition.ts'
import type { Endpoint } from './connection.ts'
import { TcpError } from './errors.ts'
import { ReadAhead } from './read-ahead.ts'

/** One of two ends without a network: what it shares with the other. */
export interface End {
  readonly endpoint: Endpoint
  /** What the other end has sent here. */
  readonly input: ReadAhead
  /** Changes when the other end has taken something, and when this one is closed. */
  readonly output: Condition
  readonly over: AbortController
  failure: unknown
  ended: boolean
  /** FIN is out, and everything before it. */
  finished: boolean
}

export function createEnd(endpoint: Endpoint): End {
  return {
    endpoint,
    input: new ReadAhead(),
    output: new Condition(),
    over: new AbortController(),
    failure: undefined,
    ended: false,
    finished: false,
  }
}

/** Both directions are done. */
export function close(end: End, reason: unknown): void {
  end.input.fail(reason)
  end.over.abort(reason)
  end.output.changed()
}

/** RST arrives. */
export function reset(end: End): void {
  end.failure ??= new TcpError('TCP_RESET', 'the other side aborted')
  close(end, end.failure)
}
