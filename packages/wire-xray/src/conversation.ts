/** What the two directions of one connection must know of each other. */
export interface Conversation {
  /** A request went up. `false` if too many before it have no answer yet. */
  asked(method: string): boolean
  /** A response begins: the method of the request it answers, on which its length depends (RFC 9112 §6.3). */
  answered(): string
  /** Whether the connection has stopped speaking HTTP: after a 101, or a CONNECT that succeeded. */
  tunnel: boolean
  /** Whether it never did. One direction finds out for both. */
  foreign: boolean
}

/** Requests that may wait for an answer. (RFC 9112 §9.3.2 lets clients pipeline, and names no bound.) */
export const MAX_UNANSWERED = 1024

export function createConversation(): Conversation {
  const waiting: string[] = []
  return {
    tunnel: false,
    foreign: false,
    asked(method) {
      // Only these two matter, and a method cut out of a head would keep that whole head in memory.
      waiting.push(method === 'HEAD' || method === 'CONNECT' ? method : 'GET')
      return waiting.length <= MAX_UNANSWERED
    },
    answered() {
      return waiting.shift() ?? 'GET'
    },
  }
}

/** Whether the bytes behind a response are no longer HTTP (RFC 9110 §7.8 and §9.3.6). */
export function isTunnel(status: number, requestMethod: string): boolean {
  return status === 101 || (requestMethod === 'CONNECT' && status >= 200 && status < 300)
}
