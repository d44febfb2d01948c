import { before, defineLab } from './engine/define-lab.ts'
import { nginx } from './engine/hops.ts'
import type { Lab } from './engine/lab.ts'
import { columns, heldEvents, through } from './engine/through.ts'

export const heldToTheEnd: Lab = defineLab({
  id: 'L3',
  title: 'Held to the end',
  about: `node:http sends six small events, each when the one before has been seen, or after a second and a half of waiting in vain.
nginx stands in between as it comes: proxy_pass, and nothing else.`,
  question: 'When does the client see the first event?',
  options: ['at once', 'when the second one is sent', 'with all the others, at the end'],
  right: { of: 'stock', is: (stock) => (heldEvents(stock) === 0 ? 0 : stock.bursts > 1 ? 1 : 2) },
  setups: [
    through({ name: 'direct', hops: [] }),
    through({ name: 'stock', hops: [nginx({}, 'ask10,merge=all')] }),
    through({ name: 'off', isRepair: true, hops: [nginx({ location: 'proxy_buffering off;' }, 'ask10')] }),
  ],
  columns: columns('asked', 'head after', 'first event after', 'held', 'bursts', 'end'),
  claims: [
    { of: ['direct'], says: 'without a hop, no event is held', holds: (direct) => heldEvents(direct) === 0 },
    {
      of: ['stock'],
      says: 'through stock nginx all events come in one burst, at the end',
      when: before('nginx', '1.29.7'),
      holds: (stock) => stock.bursts === 1 && stock.seen.length === 6,
    },
    {
      of: ['stock'],
      says: 'stock nginx asks the server in HTTP/1.0',
      when: before('nginx', '1.29.7'),
      holds: (stock) => stock.asked === 'HTTP/1.0',
    },
    { of: ['off'], says: 'with proxy_buffering off no event is held', holds: (off) => heldEvents(off) === 0 },
    {
      of: ['off'],
      says: 'although the server is asked in the same version as before',
      when: before('nginx', '1.29.7'),
      holds: (off) => off.asked === 'HTTP/1.0',
    },
  ],
  explain: `nginx before 1.29.7 asks its server in HTTP/1.0, which has no chunks. So node:http ends the body with the connection, and
such a body nginx collects until 4096 bytes are together, or until the end. It is the missing framing, and not the size of the
events alone: L5 changes the version, and nothing else.`,
  repair: `proxy_buffering off; in the location of the stream. It helps whatever the server sends.`,
})
