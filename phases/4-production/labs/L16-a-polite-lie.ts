import { selfSignedCertificate } from '@sse-from-scratch/testkit'
import { before, defineLab, only } from './engine/define-lab.ts'
import { caddy, haproxy } from './engine/hops.ts'
import type { Lab } from './engine/lab.ts'
import type { Script } from './engine/script.ts'
import { columns, type Stream, through } from './engine/through.ts'

const certificate = selfSignedCertificate()
const http2 = haproxy({ certificate, alpn: 'h2' })

/** Three events, and then the process is killed. */
const killed: Script = async (out) => {
  for (let nth = 0; nth < 3; nth++) out.event()
  await out.pause(150)
  out.breakOff('fin')
}

/** Three events, and a fourth that says: that was all. */
const marked: Script = async (out) => {
  for (let nth = 0; nth < 3; nth++) out.event()
  out.response.write('data: [DONE]\n\n')
  out.end()
}

export const aPoliteLie: Lab = defineLab({
  id: 'L16',
  title: 'A polite lie',
  about: `The process behind Caddy is killed after three events. So is the one behind an HAProxy that speaks HTTP/2 to its clients.`,
  question: 'What tells the client that something is missing?',
  options: [
    'the missing last chunk, or RST_STREAM',
    'only an end mark in the data that is not there',
    'nothing at all',
  ],
  right: { of: 'Caddy', is: ({ end }) => (end === 'whole' ? 1 : 0) },
  setups: [
    through({ name: 'Caddy', hops: [caddy({}, 'polite=any')], server: 'killed', script: killed }),
    through({ name: 'HAProxy', hops: [haproxy({}, 'merge=200ms')], server: 'killed', script: killed }),
    through({ name: 'HAProxy, h2', hops: [http2], server: 'killed', script: killed, client: { isHttp2: true } }),
    through({
      name: 'Caddy, marked',
      isRepair: true,
      hops: [caddy({}, '')],
      server: 'ends with [DONE]',
      script: marked,
    }),
    through({
      name: 'HAProxy, h2, marked',
      isRepair: true,
      hops: [http2],
      server: 'ends with [DONE]',
      script: marked,
      client: { isHttp2: true },
    }),
  ],
  columns: { ...columns('events seen', 'end'), mark: (stream) => (isMarked(stream) ? 'yes' : 'no') },
  claims: [
    {
      of: ['Caddy'],
      says: 'Caddy before 2.8 makes a whole answer of it',
      when: before('caddy', '2.8.0'),
      holds: ({ end }) => end === 'whole',
    },
    { of: ['HAProxy'], says: 'HAProxy does not, in HTTP/1.1', holds: ({ end }) => end === 'FIN' },
    {
      of: ['HAProxy, h2'],
      says: 'but it does in HTTP/2',
      when: only('haproxy', '2.6'),
      holds: ({ end }) => end === 'whole',
    },
    { of: ['Caddy', 'HAProxy'], says: 'the mark is missing where the process was killed', holds: isUnmarked },
    { of: ['HAProxy, h2'], says: 'in HTTP/2, too', holds: isUnmarked },
    { of: ['Caddy, marked'], says: 'and it is there where it was not', holds: isMarked },
    { of: ['HAProxy, h2, marked'], says: 'again in HTTP/2, too', holds: isMarked },
  ],
  explain: `A hop that has sent a head can only end the stream well or badly, and some end it well whatever happened. So a clean end
proves nothing about the server: it was said by the last hop, about itself.`,
  repair: `Wait for the end mark of the protocol above: [DONE], message_stop, response.completed, or one of your own. Without it the
answer is cut, however clean the end was.`,
})

function isMarked({ last }: Stream): boolean {
  return last === '[DONE]'
}

function isUnmarked(...streams: readonly Stream[]): boolean {
  return !streams.some(isMarked)
}
