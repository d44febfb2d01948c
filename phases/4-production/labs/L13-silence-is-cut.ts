import { before, defineLab } from './engine/define-lab.ts'
import { apache, caddy, type Hop, haproxy, nginx, varnish } from './engine/hops.ts'
import type { Claim, Lab } from './engine/lab.ts'
import type { Script } from './engine/script.ts'
import { columns, type Stream, through } from './engine/through.ts'

/** Milliseconds; the hops wait for two seconds. */
const SILENCE = 3500
const HEARTBEAT = 250

/** An event, silence, and another event; in the silence a comment now and then, or nothing. */
function silence(heartbeat = SILENCE): Script {
  return async (out) => {
    out.event()
    for (let waited = 0; waited < SILENCE; waited += heartbeat) {
      await out.pause(heartbeat)
      if (heartbeat < SILENCE) out.response.write(':\n\n')
    }
    out.event()
    out.end()
  }
}

const IN_11 = 'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;'
const HOPS: Readonly<Record<string, Hop>> = {
  nginx: nginx({ location: `${IN_11} proxy_read_timeout 2s;` }, 'idle=2s'),
  HAProxy: haproxy({ defaults: 'timeout server 2s' }, 'idle=2s'),
  Apache: apache({ server: 'ProxyTimeout 2' }, 'idle=2s'),
  Varnish: varnish({ backend: '.between_bytes_timeout = 2s;' }, 'idle=2s'),
  Caddy: caddy({ proxy: 'transport http {\n    read_timeout 2s\n  }' }, 'idle=2s,polite=any'),
}
const NAMES = Object.keys(HOPS)
const HONEST = NAMES.filter((name) => name !== 'Caddy')

export const silenceIsCut: Lab = defineLab({
  id: 'L13',
  title: 'Silence is cut',
  about: `Each of five hops waits two seconds for the next byte; by default it is a minute with nginx, Apache and Varnish. The server sends
an event, is silent for three and a half seconds, and sends another one.`,
  question: 'What does the client see of the cut?',
  options: ['504', 'the end of the connection, without a last chunk', 'depends on the hop: one of them ends cleanly'],
  right: { of: 'Caddy', is: ({ end }) => (end === 'whole' ? 2 : 1) },
  setups: NAMES.flatMap((name) => [
    through({ name, hops: [HOPS[name] as Hop], script: silence() }),
    through({
      name: `${name}, heartbeat`,
      isRepair: true,
      hops: [HOPS[name] as Hop],
      server: 'a comment each 250 ms',
      script: silence(HEARTBEAT),
    }),
  ]),
  columns: { status: ({ status }) => `${status}`, ...columns('events seen', 'end') },
  claims: [
    ...HONEST.map(
      (name): Claim<Stream> => ({
        of: [name],
        says: `${name} cuts: 200, one event, FIN and no last chunk`,
        holds: ({ status, seen, end }) => status === 200 && seen.length === 1 && end === 'FIN',
      }),
    ),
    {
      of: ['Caddy'],
      says: 'Caddy before 2.8 cuts, and ends the answer as if it were whole',
      when: before('caddy', '2.8.0'),
      holds: ({ status, seen, end }) => status === 200 && seen.length === 1 && end === 'whole',
    },
    ...NAMES.map(
      (name): Claim<Stream> => ({
        of: [`${name}, heartbeat`],
        says: `with a heartbeat ${name} cuts nothing`,
        holds: ({ seen, end }) => seen.length === 2 && end === 'whole',
      }),
    ),
  ],
  explain: `The timers count from byte to byte, and what the bytes say does not matter to them. The status was sent long ago, so the only
thing left to say is the end of the connection. Who looks for 504 in the logs will find none.`,
  repair: `A heartbeat: a comment at least twice in the shortest time of all hops on the way. And a client that does not believe an end
without an end mark (L16).`,
})
