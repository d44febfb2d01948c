import { childContender } from './child.ts'
import { BYTE_BOUND } from './fanout-bound.ts'
import type { Contender } from './race.ts'
import type { Weighing } from './weigh.ts'

const KIB = 1024

/** A session that is open and has nothing to say. */
export function idleWeighing(connections: number): Weighing {
  const idle = (name: string) => memoryOf(name, 'idle', connections)
  return {
    title: `an idle session, of ${connections.toLocaleString('en')}`,
    scale: idle('sse-server/raw'),
    others: [
      idle('node:net, one shared write'),
      idle('node:http, one shared buffer'),
      idle('better-sse'),
      idle('sse-server/node'),
    ],
    most: 10 * KIB,
    mostAbove: 5 * KIB,
  }
}

/** A client who has stopped reading, while 50 MB are published. Ours skips events above a bound of 1 MiB. */
export function stalledWeighing(): Weighing {
  const stalled = (name: string) => memoryOf(name, 'stalled', 4) // of those who have no bound: more would fill the memory
  return {
    title: 'a stalled session, bound 1 MiB, 50 MB sent',
    scale: memoryOf('sse-server/raw, skipAbove', 'stalled', 32),
    others: [stalled('node:net, one shared write'), stalled('node:http, one shared buffer'), stalled('better-sse')],
    most: BYTE_BOUND + 64 * KIB,
  }
}

function memoryOf(name: string, what: 'idle' | 'stalled', count: number): Contender {
  return childContender(name, new URL('fanout-memory-child.js', import.meta.url), [name, what, `${count}`])
}
