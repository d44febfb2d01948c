import { childContender } from './child.ts'
import type { Contender, Race } from './race.ts'

/** Small requests to a server in another process, ten at a time, on connections that are kept; each answer read as text. */
export function clientRaces(): Race[] {
  return [
    {
      title: 'client, small requests, kept connections',
      unit: 'req/s',
      ours: client('http-raw, pool'),
      rivals: [{ ...client('node:http, keepAlive'), goal: 1.5 }, client('undici.request')],
      limit: client('raw socket, nothing checked'),
    },
  ]
}

function client(name: string): Contender {
  return childContender(name, new URL('http-client-child.js', import.meta.url), [name])
}
