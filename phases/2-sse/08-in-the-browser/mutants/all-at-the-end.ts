import type { Handler } from '../contract.ts'
import { handler as right } from '../solution.ts'

export const handler: Handler = (request, response, ticks) => {
  const { end } = response
  let text = ''
  if (request.url === '/events' && Number(request.headers['last-event-id'] ?? 0) < ticks.count) {
    response.write = ((piece: string) => {
      text += piece
      return true
    }) as never
    response.end = (() => end.call(response, text, 'utf8')) as never
  }
  right(request, response, ticks)
}
