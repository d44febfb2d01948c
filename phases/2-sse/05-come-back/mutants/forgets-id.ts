import type { Connect } from '../contract.ts'
import { connect as right } from '../solution.ts'

/** As if each connection had a decoder that starts from no id, and left that behind. */
export const connect: Connect = (url, { open, onEvent, ...options }) => {
  let heard = 0
  return right(url, {
    ...options,
    onEvent(event) {
      heard++
      onEvent(event)
    },
    ...(open && {
      open(request) {
        const headers = heard > 0 ? request.headers : { Accept: 'text/event-stream' }
        heard = 0
        return open({ ...request, headers })
      },
    }),
  })
}
