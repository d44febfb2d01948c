import { childContender } from './child.ts'
import type { Contender, Race } from './race.ts'

/** The heads that the clients send, as `http-load.ts` knows them. */
type Asking = 'tiny' | 'browser' | 'pipelined'

/** Requests without a body, answered with a few bytes. */
export function serverRaces(): Race[] {
  return [
    serverRace('server, tiny head, keep-alive', 'tiny', 1.35),
    serverRace('server, 589 B browser head', 'browser', 1.4),
    serverRace('server, pipelined 16 deep', 'pipelined', 7),
  ]
}

function serverRace(title: string, asking: Asking, goal: number): Race {
  return {
    title,
    unit: 'req/s',
    ours: server('http-raw', asking),
    rivals: [{ ...server('node:http', asking), goal }],
    limit: server('raw socket, nothing checked', asking),
  }
}

function server(name: string, asking: Asking): Contender {
  return childContender(name, new URL('http-server-child.js', import.meta.url), [name, asking])
}
