import type { Handler } from '../contract.ts'
import { handler as right } from '../solution.ts'

export const handler: Handler = (request, response, ticks) => {
  const { write } = response
  if (request.url === '/events')
    response.write = ((text: string) => write.call(response, text.replace('event: tick\n', ''), 'utf8')) as never
  right(request, response, ticks)
}
