import { before, defineLab } from './engine/define-lab.ts'
import { caddy } from './engine/hops.ts'
import type { Lab } from './engine/lab.ts'
import { steady } from './engine/script.ts'
import { columns, heldEvents, type Stream, through } from './engine/through.ts'

const ENCODE = 'encode gzip'
const ONLY_JSON = 'encode {\n    gzip\n    match {\n      header Content-Type application/json*\n    }\n  }'
const small = steady({ size: 400 })
const large = steady({ size: 600 })

export const largeEnoughToCompress: Lab = defineLab({
  id: 'L9',
  title: 'Large enough to compress',
  about: `Caddy has "encode gzip", as its manual suggests. In the test, where an event has 400 bytes, all is well. In production it has 600.`,
  question: 'What is different for events of 600 bytes?',
  options: ['nothing', 'they are compressed, and still come one by one', 'they are compressed, and come at the end'],
  right: { of: '600 bytes', is: (stream) => (!isGzip(stream) ? 0 : heldEvents(stream) === 0 ? 1 : 2) },
  setups: [
    through({ name: '400 bytes', hops: [caddy({ site: ENCODE }, '')], script: small }),
    through({ name: '600 bytes', hops: [caddy({ site: ENCODE }, 'gzip=noflush')], script: large }),
    through({ name: 'only JSON', isRepair: true, hops: [caddy({ site: ONLY_JSON }, '')], script: large }),
  ],
  columns: {
    coding: (stream) => (isGzip(stream) ? 'gzip' : 'none'),
    ...columns('first event after', 'held', 'bursts', 'end'),
  },
  claims: [
    {
      of: ['400 bytes'],
      says: 'small events are neither compressed nor held',
      holds: (stream) => !isGzip(stream) && heldEvents(stream) === 0,
    },
    {
      of: ['600 bytes'],
      says: 'above 512 bytes they are compressed, and held to the end',
      when: before('caddy', '2.9.0'),
      holds: (stream) => isGzip(stream) && heldEvents(stream) === 6 && stream.bursts === 1,
    },
    {
      of: ['only JSON'],
      says: 'where event streams are not compressed, none is held',
      holds: (stream) => !isGzip(stream) && heldEvents(stream) === 0,
    },
  ],
  explain: `Caddy decides by the first write: below 512 bytes it does not compress. Before 2.9.0 it did not flush the compressor
either, so everything waits for the end. Small tests do not find it: the first event of a model's answer is large.`,
  repair: `Say what is compressed (match), and leave text/event-stream out; or Caddy 2.9 and newer.`,
})

function isGzip({ head }: Stream): boolean {
  return /^content-encoding: *gzip/im.test(head)
}
