import { defineLab } from './engine/define-lab.ts'
import { nginx } from './engine/hops.ts'
import type { Lab } from './engine/lab.ts'
import { steady } from './engine/script.ts'
import { columns, heldEvents, type Stream, through } from './engine/through.ts'

const IN_11 = 'proxy_http_version 1.1; proxy_set_header Connection "";'
const GZIP = 'gzip on; gzip_min_length 0; gzip_types text/event-stream;'

export const compressed: Lab = defineLab({
  id: 'L8',
  title: 'Compressed',
  about: `Somebody has added text/event-stream to gzip_types, since it is text. All else is as in L5: HTTP/1.1, chunks.`,
  question: 'When does the client see the first event?',
  options: ['at once: gzip is flushed for each chunk', 'when 4096 bytes are together', 'at the end'],
  right: { of: 'gzip', is: (gzip) => (heldEvents(gzip) === 0 ? 0 : 2) },
  setups: [
    through({ name: 'gzip', hops: [nginx({ http: GZIP, location: IN_11 }, 'gzip=noflush')] }),
    through({
      name: 'no-transform',
      hops: [nginx({ http: GZIP, location: IN_11 }, 'gzip=noflush')],
      server: 'Cache-Control: no-transform',
      script: steady({ fields: { 'Cache-Control': 'no-transform' } }),
    }),
    through({
      name: 'off',
      isRepair: true,
      hops: [nginx({ http: GZIP, location: `${IN_11} proxy_buffering off;` }, 'gzip=flush')],
    }),
    through({
      name: 'not listed',
      isRepair: true,
      hops: [nginx({ http: 'gzip on; gzip_min_length 0; gzip_types application/json;', location: IN_11 }, '')],
    }),
  ],
  columns: {
    coding: (stream) => (isGzip(stream) ? 'gzip' : 'none'),
    ...columns('head after', 'first event after', 'held', 'bursts', 'sizes'),
  },
  claims: [
    {
      of: ['gzip'],
      says: 'compressed and buffered, all events come in one burst',
      holds: (gzip) => isGzip(gzip) && gzip.bursts === 1 && heldEvents(gzip) === 6,
    },
    {
      of: ['no-transform'],
      says: 'no-transform in Cache-Control does not stop nginx',
      holds: (asked) => isGzip(asked) && heldEvents(asked) === 6,
    },
    {
      of: ['off'],
      says: 'with proxy_buffering off it is compressed, and flushed for each event',
      holds: (off) => isGzip(off) && heldEvents(off) === 0,
    },
    {
      of: ['not listed'],
      says: 'where the type is not listed, nothing is compressed and nothing is held',
      holds: (plain) => !isGzip(plain) && heldEvents(plain) === 0,
    },
  ],
  explain: `A compressor keeps what it gets until it is told to flush, or is full. nginx flushes it when the answer is not
buffered, and else at the end. Nothing in the head says which of the two it was.`,
  repair: `Leave text/event-stream out of gzip_types. Where it must be there: proxy_buffering off.`,
})

function isGzip({ head }: Stream): boolean {
  return /^content-encoding: *gzip/im.test(head)
}
