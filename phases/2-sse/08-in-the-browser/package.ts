import { setTimeout as sleep } from 'node:timers/promises'
import { openSession, stopReconnecting } from '@sse-from-scratch/sse-server/node'
import type { Handler } from './contract.ts'
import { handler as answer } from './solution.ts'

/** The package sends the events; the page is no matter of its. */
export const handler: Handler = (request, response, ticks) => {
  const last = Number(request.headers['last-event-id']) || 0
  if (request.url !== '/events') answer(request, response, ticks)
  else if (last >= ticks.count) stopReconnecting(response)
  else sendTicks(request, response, ticks, last).catch(() => {}) // the client has left
}

async function sendTicks(...[request, response, { count, gapMs }, last]: [...Parameters<Handler>, number]) {
  const session = openSession(request, response, { retry: 100 })
  for (let tick = last + 1; tick <= count; tick++) {
    await sleep(gapMs, undefined, { signal: session.signal })
    await session.send({ event: 'tick', id: `${tick}`, data: `${tick} of ${count}` })
  }
  await session.end()
}
