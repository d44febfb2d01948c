import { selfSignedCertificate } from '@sse-from-scratch/testkit'
import { defineLab } from './engine/define-lab.ts'
import { haproxy } from './engine/hops.ts'
import type { Lab } from './engine/lab.ts'
import { columns, quickest, through } from './engine/through.ts'

const certificate = selfSignedCertificate()

export const goneWithTls: Lab = defineLab({
  id: 'L11',
  title: 'Gone with TLS',
  about: `The same HAProxy as in L10, once with TLS to the client and once without. The laptop of the developer speaks plain HTTP to it;
production speaks TLS.`,
  question: 'Where are the events 200 ms late?',
  options: ['in plain HTTP only', 'with TLS only', 'in both'],
  right: { of: 'TLS', is: (tls) => (quickest(tls) < 60 ? 0 : 2) },
  setups: [
    through({ name: 'plain', hops: [haproxy({}, 'merge=200ms')] }),
    through({ name: 'TLS', hops: [haproxy({ certificate })], client: { isTls: true } }),
    through({ name: 'no delay', isRepair: true, hops: [haproxy({ defaults: 'option http-no-delay' }, '')] }),
  ],
  columns: columns('head after', 'first event after', 'quickest event', 'events'),
  claims: [
    {
      of: ['plain', 'TLS'],
      says: 'with TLS the quickest event needs less than a third of the time',
      holds: (plain, tls) => quickest(tls) < quickest(plain) / 3,
    },
    {
      of: ['plain', 'no delay'],
      says: 'and so it does without TLS and with http-no-delay',
      holds: (plain, tuned) => quickest(tuned) < quickest(plain) / 3,
    },
  ],
  explain: `With TLS HAProxy hands its bytes to a library, which writes records of its own, without MSG_MORE. So a delay
that is seen in a test need not be there in production, and the other way round: measure what your users have.`,
  repair: `option http-no-delay, so that both are alike.`,
})
