import { before, defineLab } from './engine/define-lab.ts'
import { nginx } from './engine/hops.ts'
import type { Lab } from './engine/lab.ts'
import type { Script } from './engine/script.ts'
import { columns, headAfter, type Stream, through } from './engine/through.ts'

const TIMER = 'proxy_read_timeout 1s;'

/** Comments for two seconds, and then an event. */
const thinking: Script = async (out) => {
  out.head()
  for (let beat = 0; beat < 8; beat++) {
    await out.pause(250)
    out.response.write(':\n\n')
  }
  out.event()
  await out.pause(250)
  out.end()
}

export const aliveButNotHeard: Lab = defineLab({
  id: 'L14',
  title: 'Alive, but not heard',
  about: `The heartbeat of L13 is there, a comment each 250 ms. It keeps the timer of nginx quiet. Clients have timers, too: think
of one that gives up when it has heard nothing for a second. The one that measures here has more patience, so that you see what comes when.`,
  question: 'Stock nginx, a model that thinks for two seconds. Does the timer of the client hear the heartbeat?',
  options: ['yes', 'no: the comments wait in the buffer', 'no: nginx takes comments out'],
  right: { of: 'stock', is: (stock) => (isHeard(stock) ? 0 : 1) },
  setups: [
    through({ name: 'stock', hops: [nginx({ location: TIMER }, 'ask10,merge=all')], script: thinking }),
    through({
      name: 'off',
      isRepair: true,
      hops: [nginx({ location: `${TIMER} proxy_buffering off;` }, 'ask10')],
      script: thinking,
    }),
  ],
  columns: columns('head after', 'first event after', 'events', 'end'),
  claims: [
    {
      of: ['stock', 'off'],
      says: 'neither is cut by nginx: to it the server is alive',
      holds: (stock, off) => stock.end === 'whole' && off.end === 'whole',
    },
    {
      of: ['stock'],
      says: 'through stock nginx the client hears nothing before the event was sent',
      when: before('nginx', '1.29.7'),
      holds: (stock) => !isHeard(stock),
    },
    { of: ['off'], says: 'with proxy_buffering off it hears the head and the heartbeats', holds: isHeard },
  ],
  explain: `A heartbeat has two listeners: the timers of the hops, and the one of the client. A hop that buffers hears it and does not pass
it on. Then every timer in the middle is content, and the client gives up on a stream that lives.`,
  repair: `First no buffer (L3, L4), then the heartbeat. And choose the timer of the client at least twice as long as the heartbeat.`,
})

/** Did the client hear anything before the event was sent? */
function isHeard(stream: Stream): boolean {
  return stream.askedAt + headAfter(stream) < (stream.sent[0] ?? 0)
}
