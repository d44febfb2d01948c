import { defineLab } from './engine/define-lab.ts'
import { apache, caddy, type Hop, haproxy, nginx, varnish } from './engine/hops.ts'
import type { Claim, Lab } from './engine/lab.ts'
import type { Script } from './engine/script.ts'
import { type Stream, through } from './engine/through.ts'

const SILENCE = 1500
const BEAT = 200

/** Two events, silence, and events until somebody says that nobody listens. */
function twoThen(inSilence: (out: Parameters<Script>[0]) => void): Script {
  return async (out) => {
    out.event()
    out.event()
    for (let waited = 0; waited < SILENCE && !out.isGone(); waited += BEAT) {
      await out.pause(BEAT)
      inSilence(out)
    }
    for (let more = 0; more < 10 && !out.isGone(); more++) {
      out.event()
      await out.pause(BEAT)
    }
    out.end()
  }
}

const idle = twoThen(() => {})
const beating = twoThen((out) => out.response.write(':\n\n'))
const client = { leaveAfter: 2 }
const IN_11 = 'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;'
const QUICK: Readonly<Record<string, Hop>> = { nginx: nginx({ location: IN_11 }, ''), Caddy: caddy({}, '') }
const LATE: Readonly<Record<string, Hop>> = { HAProxy: haproxy(), Apache: apache(), Varnish: varnish() }

export const nobodyListens: Lab = defineLab({
  id: 'L17',
  title: 'Nobody listens',
  about: `The client hangs up after two events. The server is silent for a second and a half: the model thinks. Then it sends an event every
200 ms, and each of them costs money.`,
  question: 'When does the server behind HAProxy, Apache or Varnish learn that the client has left?',
  options: ['at once', 'only when it writes again', 'never'],
  right: { of: 'HAProxy', is: (stream) => (stream.goneAt === undefined ? 2 : isSilent(stream) ? 0 : 1) },
  setups: [
    ...Object.entries({ ...QUICK, ...LATE }).map(([name, hop]) => through({ name, hops: [hop], script: idle, client })),
    ...Object.entries(LATE).map(([name, hop]) =>
      through({
        name: `${name}, heartbeat`,
        isRepair: true,
        hops: [hop],
        server: 'a comment each 200 ms',
        script: beating,
        client,
      }),
    ),
  ],
  columns: {
    'learned of it': (stream) =>
      stream.goneAt === undefined ? 'never' : isSilent(stream) ? 'in the silence' : 'later',
    'events for nobody': (stream) => `${stream.sent.length - 2}`,
  },
  claims: [
    ...Object.keys(QUICK).map(
      (name): Claim<Stream> => ({
        of: [name],
        says: `behind ${name} the server learns of it in the silence`,
        holds: isSilent,
      }),
    ),
    ...Object.keys(LATE).map(
      (name): Claim<Stream> => ({
        of: [name],
        says: `behind ${name} only after it has sent more events`,
        holds: (stream) => stream.goneAt !== undefined && !isSilent(stream),
      }),
    ),
    ...Object.keys(LATE).map(
      (name): Claim<Stream> => ({
        of: [`${name}, heartbeat`],
        says: `with a heartbeat, behind ${name} in the silence, too`,
        holds: isSilent,
      }),
    ),
  ],
  explain: `A FIN of the client may mean "I have said all", so some hops go on, until a write comes back with a reset. The first write is
answered with RST, and a later one fails: that takes two or three tokens, or heartbeats; on an idle stream it takes for ever.`,
  repair: `A heartbeat every H seconds: then the server knows after two or three of them, and stops the model (exercise 4.2).`,
})

/** Did the server learn of it before it sent anything but comments? */
function isSilent({ goneAt, sent }: Stream): boolean {
  return goneAt !== undefined && sent.length === 2
}
