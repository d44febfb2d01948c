import { defineLab } from './engine/define-lab.ts'
import { haproxy } from './engine/hops.ts'
import type { Lab } from './engine/lab.ts'
import { columns, ms, quickest, through } from './engine/through.ts'

/** What Linux waits for at most before it sends a segment that is not full although more was announced. */
const CORK = 200

export const twoHundredMilliseconds: Lab = defineLab({
  id: 'L10',
  title: 'Two hundred milliseconds',
  about: `HAProxy in "mode http", with the timeouts that it wants to have, and nothing else. It does not buffer. And yet.`,
  question: 'How late is each small event?',
  options: ['not at all', 'about 40 ms: Nagle and a delayed ACK', 'about 200 ms'],
  right: { of: 'plain', is: (plain) => (quickest(plain) < 20 ? 0 : quickest(plain) < CORK / 2 ? 1 : 2) },
  setups: [
    through({ name: 'direct', hops: [] }),
    through({ name: 'plain', hops: [haproxy({}, 'merge=200ms')] }),
    through({ name: 'no delay', isRepair: true, hops: [haproxy({ defaults: 'option http-no-delay' }, '')] }),
  ],
  columns: columns('head after', 'first event after', 'quickest event', 'events', 'sizes'),
  claims: [
    {
      of: ['plain'],
      says: `no event is there before the cork is drawn: even the quickest takes more than ${ms(CORK / 2)}`,
      holds: (plain) => quickest(plain) > CORK / 2,
    },
    {
      of: ['plain'],
      says: 'the chunks are those of the server: nothing was put together',
      holds: ({ sizes }) => sizes.slice(0, -1).every((size) => size === '28'),
    },
    {
      of: ['plain', 'no delay'],
      says: 'with http-no-delay the quickest event needs less than a third of that',
      holds: (plain, tuned) => quickest(tuned) < quickest(plain) / 3,
    },
  ],
  explain: `HAProxy writes with the flag MSG_MORE: "more will follow, so wait for a full segment". Linux waits, for up to 200 ms. It
is not Nagle's algorithm: TCP_NODELAY is set. The events stay chunks of their own; only the reads clump. Small chunks
in clumped reads: look below HTTP. One chunk of 4096 bytes: look at a buffer (L21).`,
  repair: `option http-no-delay in the section that has the stream. With TLS to the client it is not needed: L11.`,
})
