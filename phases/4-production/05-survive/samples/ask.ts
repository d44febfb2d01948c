import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { Open } from '../contract.ts'

/** Asks a real server, over a connection of its own. A body that is cut throws, by FIN as by RST. */
export function askFor(url: string): Open {
  return async ({ lastEventId, signal }) => {
    const headers = { Accept: 'text/event-stream', ...(lastEventId !== '' && { 'Last-Event-ID': lastEventId }) }
    const [response] = (await once(get(url, { headers, signal, agent: false }), 'response')) as [IncomingMessage]
    if (response.statusCode !== 204) return response
    response.resume()
    return 'over'
  }
}
