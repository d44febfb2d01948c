import { defineLab } from './engine/define-lab.ts'
import { nginx } from './engine/hops.ts'
import type { Lab } from './engine/lab.ts'
import { steady } from './engine/script.ts'
import { columns, heldEvents, type Stream, through } from './engine/through.ts'

const IN_11 = 'proxy_http_version 1.1; proxy_set_header Connection "";'
const script = steady({ size: 6000 })

export const oneBehind: Lab = defineLab({
  id: 'L6',
  title: 'One behind',
  about: `nginx asks in HTTP/1.1 and the server sends chunks: L5 is repaired. But the events are larger than a page of memory.`,
  question: 'Events of 6,000 bytes each. When does the client have event 1?',
  options: ['at once', 'when the server sends event 2', 'at the end'],
  right: { of: 'large', is: (large) => (heldEvents(large) === 0 ? 0 : isOneBehind(large) ? 1 : 2) },
  setups: [
    through({ name: 'small', hops: [nginx({ location: IN_11 }, '')], server: 'events of 40 bytes' }),
    through({
      name: 'large',
      hops: [nginx({ location: IN_11 }, 'one-behind')],
      server: 'events of 6,000 bytes',
      script,
    }),
    through({
      name: 'off',
      isRepair: true,
      hops: [nginx({ location: `${IN_11} proxy_buffering off;` }, '')],
      server: 'events of 6,000 bytes',
      script,
    }),
  ],
  columns: columns('first event after', 'held', 'bursts', 'sizes'),
  claims: [
    { of: ['small'], says: 'small events are not held', holds: (small) => heldEvents(small) === 0 },
    {
      of: ['large'],
      says: 'each large event waits until the next one is sent, and not until the end',
      holds: isOneBehind,
    },
    { of: ['off'], says: 'without the buffer no event is held', holds: (off) => heldEvents(off) === 0 },
  ],
  explain: `nginx reads into buffers of 4096 bytes. A full one it passes on, and the rest of the event it keeps in the next one until
more comes. So the last bytes of an event leave with the next event: always exactly one behind. In a chat nobody sees
it but at the end, where the last words hang; with one event a minute each is a minute late.`,
  repair: `proxy_buffering off; (or X-Accel-Buffering: no).`,
})

/** Held, but not until the end. */
function isOneBehind(stream: Stream): boolean {
  const [first = Number.POSITIVE_INFINITY] = stream.seen
  return heldEvents(stream) === stream.sent.length && stream.bursts > 1 && first < stream.doneAt
}
