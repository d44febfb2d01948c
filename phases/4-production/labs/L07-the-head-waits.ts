import { defineLab } from './engine/define-lab.ts'
import { nginx } from './engine/hops.ts'
import type { Lab } from './engine/lab.ts'
import type { Script } from './engine/script.ts'
import { columns, headAfter, type Stream, through } from './engine/through.ts'

const IN_11 = 'proxy_http_version 1.1; proxy_set_header Connection "";'
const SILENCE = 600

const lateEvent: Script = async (out) => {
  out.head()
  await out.pause(SILENCE)
  out.event()
  await out.seen()
  out.end()
}

const commentFirst: Script = async (out) => {
  out.head()
  out.response.write(': here\n\n')
  await out.pause(SILENCE)
  out.event()
  await out.seen()
  out.end()
}

export const theHeadWaits: Lab = defineLab({
  id: 'L7',
  title: 'The head waits',
  about: `The server sends the head at once and the first event 600 ms later, as an agent does that has to think. The
configuration is that of L5: HTTP/1.1, chunks, the buffer on.`,
  question: 'When does EventSource fire "open"?',
  options: ['when the server has sent the head', 'with the first event', 'at the end'],
  right: { of: 'on', is: (on) => (isEarly(on) ? 0 : 1) },
  setups: [
    through({ name: 'on', hops: [nginx({ location: IN_11 })], server: 'first event after 600 ms', script: lateEvent }),
    through({
      name: 'comment',
      isRepair: true,
      hops: [nginx({ location: IN_11 })],
      server: 'a comment behind the head, then the same',
      script: commentFirst,
    }),
    through({
      name: 'off',
      isRepair: true,
      hops: [nginx({ location: `${IN_11} proxy_buffering off;` }, '')],
      server: 'first event after 600 ms',
      script: lateEvent,
    }),
  ],
  columns: columns('head after', 'first event after'),
  claims: [
    { of: ['on'], says: 'with the buffer on, the head comes with the first event', holds: (on) => !isEarly(on) },
    { of: ['off'], says: 'without it, the head comes before the event is sent', holds: isEarly },
    { of: ['comment'], says: 'a comment takes the head along', holds: isEarly },
  ],
  explain: `With proxy_buffering on nginx sends the head together with the first bytes of the body. A client that waits for the head
with a timer of its own, or shows "connected" on open, believes that nothing happened.`,
  repair: `proxy_buffering off; or a comment (": here" and an empty line) right behind the head: no client shows it.`,
})

/** Did the head come before the first event was sent? */
function isEarly(stream: Stream): boolean {
  return stream.askedAt + headAfter(stream) < (stream.sent[0] ?? 0)
}
