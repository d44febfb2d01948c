import { before, defineLab } from './engine/define-lab.ts'
import { nginx } from './engine/hops.ts'
import type { Lab } from './engine/lab.ts'
import { steady } from './engine/script.ts'
import { columns, heldEvents, through } from './engine/through.ts'

const script = steady({ fields: { 'X-Accel-Buffering': 'no' } })

export const aFieldSaysSo: Lab = defineLab({
  id: 'L4',
  title: 'A field says so',
  about: `You cannot change the nginx in front of your server. But your server may say in each answer that this one must not be
buffered: X-Accel-Buffering: no. Somebody has written proxy_ignore_headers into the configuration, years ago.`,
  question: 'Which one holds the events, although the field is there?',
  options: ['none: the field is stronger', 'the one that ignores the field', 'both: a field cannot change a directive'],
  right: { of: 'ignored', is: (ignored) => (heldEvents(ignored) > 0 ? 1 : 0) },
  setups: [
    through({ name: 'without', hops: [nginx({}, 'ask10,merge=all')] }),
    through({
      name: 'ignored',
      hops: [nginx({ location: 'proxy_ignore_headers X-Accel-Buffering;' }, 'ask10,merge=all')],
      server: 'X-Accel-Buffering: no',
      script,
    }),
    through({
      name: 'field',
      isRepair: true,
      hops: [nginx({}, 'ask10,strip-header=x-accel-buffering')],
      server: 'X-Accel-Buffering: no',
      script,
    }),
  ],
  columns: columns('asked', 'first event after', 'held', 'bursts'),
  claims: [
    {
      of: ['without'],
      says: 'without the field, stock nginx holds every event',
      when: before('nginx', '1.29.7'),
      holds: (without) => heldEvents(without) === 6,
    },
    {
      of: ['ignored'],
      says: 'where it is ignored, the field changes nothing',
      when: before('nginx', '1.29.7'),
      holds: (ignored) => heldEvents(ignored) === 6,
    },
    { of: ['field'], says: 'with the field, no event is held', holds: (field) => heldEvents(field) === 0 },
    {
      of: ['field'],
      says: 'and the client does not see the field: it was for the hop',
      holds: (field) => !/x-accel/i.test(field.head),
    },
  ],
  explain: `The field does for one answer what proxy_buffering off does for a location. nginx obeys it and takes it away, so
from outside you see only that the events come in time.`,
  repair: `Send X-Accel-Buffering: no with every stream; the server of this repository does. Where it does nothing, look for
proxy_ignore_headers, and for a second nginx (L12).`,
})
