import { before, defineLab } from './engine/define-lab.ts'
import { nginx } from './engine/hops.ts'
import type { Lab } from './engine/lab.ts'
import { steady } from './engine/script.ts'
import { columns, heldEvents, through } from './engine/through.ts'

const script = steady({ fields: { 'X-Accel-Buffering': 'no' } })
const server = 'X-Accel-Buffering: no'

export const twoInARow: Lab = defineLab({
  id: 'L12',
  title: 'Two in a row',
  about: `One nginx belongs to the cluster, another one to the pod. The server sends X-Accel-Buffering: no, as in L4.`,
  question: 'Which of the two obeys it?',
  options: ['both', 'the one next to the server', 'the one next to the client'],
  right: { of: 'two', is: (two) => (heldEvents(two) > 0 ? 1 : 0) },
  setups: [
    through({ name: 'one', hops: [nginx({}, 'ask10')], server, script }),
    through({ name: 'two', hops: [nginx({}, 'ask10,merge=all'), nginx({}, 'ask10')], server, script }),
    through({
      name: 'passed on',
      isRepair: true,
      hops: [nginx({}, 'ask10'), nginx({ location: 'proxy_pass_header X-Accel-Buffering;' }, 'ask10')],
      server,
      script,
    }),
  ],
  columns: columns('asked', 'first event after', 'held', 'bursts'),
  claims: [
    { of: ['one'], says: 'behind one nginx no event is held', holds: (one) => heldEvents(one) === 0 },
    {
      of: ['two'],
      says: 'behind two of them all are held again',
      when: before('nginx', '1.29.7'),
      holds: (two) => heldEvents(two) === 6,
    },
    {
      of: ['passed on'],
      says: 'where the inner one passes the field on, none is held',
      holds: (passed) => heldEvents(passed) === 0,
    },
  ],
  explain: `nginx takes fields that are meant for it out of the answer. So the field works for the one that is next to the server,
and the one outside never sees it.`,
  repair: `proxy_pass_header X-Accel-Buffering; in the inner one. Or proxy_buffering off; in both.`,
})
