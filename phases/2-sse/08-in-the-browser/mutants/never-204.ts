import type { Handler } from '../contract.ts'
import { handler as right } from '../solution.ts'

export const handler: Handler = (request, response, ticks) => {
  if (
    Number(request.headers['last-event-id']) < ticks.count ||
    request.url !== '/events' ||
    !request.headers['last-event-id']
  )
    right(request, response, ticks)
  else response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end()
}
