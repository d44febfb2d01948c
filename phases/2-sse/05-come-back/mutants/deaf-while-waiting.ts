import type { Connect } from '../contract.ts'
import { connect as right } from '../solution.ts'

/** Looks whether it was closed only when an answer has come. */
export const connect: Connect = (url, { open, ...options }) => {
  let isClosed = false
  const inner = right(url, {
    ...options,
    ...(open && {
      async open(request) {
        const answer = await open(request)
        if (isClosed) inner.close()
        return answer
      },
    }),
  })
  return {
    close() {
      isClosed = true
      if (inner.readyState === 1) inner.close()
    },
    get readyState() {
      return inner.readyState
    },
    get lastEventId() {
      return inner.lastEventId
    },
  }
}
