import type { Handler } from '../contract.ts'
import { handler as right } from '../solution.ts'

export const handler: Handler = (request, response, ticks) => {
  const { writeHead } = response
  if (request.url === '/events')
    response.writeHead = ((status: number) =>
      writeHead.call(response, status, { 'Content-Type': 'text/plain' })) as never
  right(request, response, ticks)
}
