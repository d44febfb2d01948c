import type { Handler } from '../contract.ts'
import { handler as right } from '../solution.ts'

export const handler: Handler = (request, response, ticks) => {
  delete request.headers['last-event-id']
  right(request, response, ticks)
}
