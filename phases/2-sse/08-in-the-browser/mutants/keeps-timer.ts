import type { Handler } from '../contract.ts'
import { handler as right } from '../solution.ts'

export const handler: Handler = (request, response, ticks) => {
  if (request.url === '/events') response.on = () => response
  right(request, response, ticks)
}
