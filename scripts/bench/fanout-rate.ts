import { childContender } from './child.ts'
import type { Contender, Opponent, Race } from './race.ts'

/** Goals for the ratio to each rival. */
interface Goals {
  readonly http?: number
  readonly better?: number
  readonly limit?: number
}

/** One publisher, many sessions: deliveries per second of the server's CPU time. */
export function rateRaces(connections: number): Race[] {
  const sessions = connections.toLocaleString('en')
  return [
    rateRace(`${sessions} sessions, 1 event a tick`, 'sse-server/raw', connections, 1, {
      http: 1.15,
      better: 1.7,
      limit: 0.9,
    }),
    rateRace(`${sessions} sessions, 10 events a tick`, 'sse-server/raw', connections, 10, {
      http: 3,
      better: 7,
      limit: 0.9,
    }),
  ]
}

/** The same over node:http. What that costs is not ours to save, so there are no goals. */
export function nodeRateRaces(connections: number): Race[] {
  const sessions = connections.toLocaleString('en')
  return [1, 10].map((events) => {
    const title = `${sessions} sessions on node:http, ${events} a tick`
    const { limit: _, ...race } = rateRace(title, 'sse-server/node', connections, events, {})
    return race
  })
}

function rateRace(title: string, ours: string, connections: number, events: number, goals: Goals): Race {
  const contender = (name: string) => server(name, connections, events)
  return {
    title,
    unit: 'del/s',
    ours: contender(ours),
    rivals: [
      withGoal(contender('node:http, one shared buffer'), goals.http),
      withGoal(contender('better-sse'), goals.better),
    ],
    limit: withGoal(contender('node:net, one shared write'), goals.limit),
  }
}

function withGoal(contender: Contender, goal: number | undefined): Opponent {
  return goal === undefined ? contender : { ...contender, goal }
}

function server(name: string, connections: number, events: number): Contender {
  return childContender(name, new URL('fanout-rate-child.js', import.meta.url), [name, `${connections}`, `${events}`])
}
