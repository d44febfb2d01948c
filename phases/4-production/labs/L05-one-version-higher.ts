import { defineLab } from './engine/define-lab.ts'
import { nginx } from './engine/hops.ts'
import type { Lab } from './engine/lab.ts'
import { type Script, steady } from './engine/script.ts'
import { columns, heldEvents, through } from './engine/through.ts'

const IN_11 = 'proxy_http_version 1.1; proxy_set_header Connection "";'

/** As servers do that have no chunks: the end of the connection is the end of the body. */
const untilClose: Script = (out) => {
  out.response.useChunkedEncodingByDefault = false
  out.response.shouldKeepAlive = false
  out.response.removeHeader('Transfer-Encoding')
  return steady()(out)
}

export const oneVersionHigher: Lab = defineLab({
  id: 'L5',
  title: 'One version higher',
  about: `proxy_buffering stays on. Only the version changes in which nginx asks the server.`,
  question: 'Does proxy_http_version 1.1 alone let the events through?',
  options: ['no: the buffer is still on', 'yes, if the server sends chunks', 'yes, whatever the server sends'],
  right: { of: 'until close', is: (until) => (heldEvents(until) > 0 ? 1 : 2) },
  setups: [
    through({ name: 'stock', hops: [nginx({ location: 'proxy_http_version 1.0;' }, 'ask10,merge=all')] }),
    through({
      name: 'until close',
      hops: [nginx({ location: IN_11 }, 'merge=all')],
      server: 'no chunks, and the connection is closed at the end',
      script: untilClose,
    }),
    through({ name: 'chunks', isRepair: true, hops: [nginx({ location: IN_11 }, '')] }),
  ],
  columns: columns('asked', 'first event after', 'held', 'bursts', 'end'),
  claims: [
    { of: ['stock'], says: 'asked in HTTP/1.0, all is held', holds: (stock) => heldEvents(stock) === 6 },
    {
      of: ['until close'],
      says: 'without chunks all is held in HTTP/1.1, too',
      holds: (until) => until.asked === 'HTTP/1.1' && heldEvents(until) === 6,
    },
    {
      of: ['chunks'],
      says: 'in chunks, small events are not held, although the buffer is on',
      holds: (chunks) => chunks.asked === 'HTTP/1.1' && heldEvents(chunks) === 0,
    },
  ],
  explain: `What nginx reads in chunks it passes on in chunks. What has no length and no chunks it collects: that is one
condition in its source (ngx_event_pipe.c), and it has nothing to do with the type text/event-stream. "nginx buffers
event streams" is true of HTTP/1.0 bodies, of compressed ones (L8) and of large events (L6), and of nothing else.`,
  repair: `proxy_http_version 1.1; and proxy_set_header Connection ""; with a server that sends chunks. It is no substitute for
proxy_buffering off: L6 and L7 are what is left.`,
})
