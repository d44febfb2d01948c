import { before, defineLab } from './engine/define-lab.ts'
import { apache, caddy, haproxy, nginx, varnish } from './engine/hops.ts'
import type { Claim, Lab } from './engine/lab.ts'
import type { Script } from './engine/script.ts'
import { columns, type Stream, through } from './engine/through.ts'

const IN_11 = 'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;'

/** Three events, half of a chunk, and the end of the process. */
function broken(how: 'fin' | 'rst'): Script {
  return async (out) => {
    for (let nth = 0; nth < 3; nth++) out.event()
    await out.pause(150) // for the hop to read them
    out.raw(`${out.response.chunkedEncoding ? '28\r\n' : ''}data: 3 xxx`)
    await out.pause(150)
    out.breakOff(how)
  }
}
const script = broken('fin')
const HONEST = ['nginx 1.1', 'HAProxy', 'Apache', 'Varnish']

export const brokenInAChunk: Lab = defineLab({
  id: 'L15',
  title: 'Broken in a chunk',
  about: `The server sends three events and half a chunk. Then its process is killed, and the kernel says FIN for it, or RST.`,
  question: 'A client of HTTP asks: was the answer whole? Which hop makes it say yes?',
  options: ['none: the last chunk is missing', 'one that asks in HTTP/1.0', 'all of them'],
  right: { of: 'nginx stock', is: ({ end }) => (end === 'whole' ? 1 : 0) },
  setups: [
    through({ name: 'direct', hops: [], script }),
    through({ name: 'nginx stock', hops: [nginx({}, 'ask10,merge=all')], script }),
    through({ name: 'nginx stock, RST', hops: [nginx()], script: broken('rst') }),
    through({ name: 'HAProxy', hops: [haproxy({}, 'merge=200ms')], script }),
    through({ name: 'Apache', hops: [apache({}, '')], script }),
    through({ name: 'Varnish', hops: [varnish({}, '')], script }),
    through({ name: 'Caddy', hops: [caddy({}, 'polite=any')], script }),
    through({ name: 'nginx 1.1', isRepair: true, hops: [nginx({ location: IN_11 }, '')], script }),
  ],
  columns: columns('asked', 'events', 'end'),
  claims: [
    { of: ['direct'], says: 'without a hop it is not whole', holds: isCut },
    ...HONEST.map(
      (name): Claim<Stream> => ({ of: [name], says: `behind ${name} it is not whole either`, holds: isCut }),
    ),
    {
      of: ['nginx stock'],
      says: 'behind stock nginx it is: in HTTP/1.0 the end of the connection is the end of the body',
      when: before('nginx', '1.29.7'),
      holds: ({ end, seen }) => end === 'whole' && seen.length === 3,
    },
    {
      of: ['nginx stock, RST'],
      says: 'and a reset makes it throw away events that it had',
      when: before('nginx', '1.29.7'),
      holds: ({ end, seen }) => end === 'FIN' && seen.length === 0,
    },
    {
      of: ['Caddy'],
      says: 'behind Caddy before 2.8 it is whole as well (L16)',
      when: before('caddy', '2.8.0'),
      holds: ({ end, seen }) => end === 'whole' && seen.length === 3,
    },
  ],
  explain: `Chunks have an end mark, and a hop that reads chunks knows when it is missing; all it can do is to leave it out, too. A body
without chunks ends with the connection, and so a server that died looks like one that was done.`,
  repair: `proxy_http_version 1.1; for nginx. Against all of them only an end mark in the data helps: L16.`,
})

function isCut({ end, seen }: Stream): boolean {
  return end === 'FIN' && seen.length === 3
}
