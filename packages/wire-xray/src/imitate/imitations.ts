import type { Fault } from '../faults/fault.ts'
import { nearestWord } from '../faults/nearest-word.ts'
import { parseFaults } from '../faults/parse-faults.ts'

/** A hop that is known to do something to streams, as faults. */
export interface Imitation {
  readonly name: string
  /** What it is, and what it does, in one sentence. */
  readonly meaning: string
  /** In the language of `parseFaults`. */
  readonly faults: string
}

/**
 * Hops by what they do to a stream. The first four are compared with the real ones, of the versions that Debian 12 has; the
 * fifth is as its vendor documents it, the last as its users report it.
 */
export const IMITATIONS: readonly Imitation[] = [
  {
    name: 'nginx-stock',
    meaning: 'nginx before 1.29.7 with proxy_pass alone: asks in HTTP/1.0, fills a page of 4096 bytes, loses it on RST',
    faults: 'merge=4096,polite=fin,no-rst',
  },
  {
    name: 'haproxy-plain',
    meaning: 'HAProxy without option http-no-delay: a corked socket, every 200 ms',
    faults: 'chunks=upper,merge=200ms,no-rst',
  },
  {
    name: 'varnish-gzip',
    meaning: 'Varnish with do_gzip: the header of the compressed body at once, the rest at the end',
    faults: 'gzip=noflush,chunks=padded,no-rst',
  },
  {
    name: 'caddy26-crash',
    meaning: 'Caddy before 2.8: however the server breaks off, the client sees a clean end',
    faults: 'polite=any,no-rst',
  },
  { name: 'alb-60s', meaning: 'AWS ALB: ends a connection on which nothing moved for 60 seconds', faults: 'idle=60s' },
  {
    name: 'kaspersky',
    meaning: 'a virus scanner that looks at an event until the next one comes',
    faults: 'one-behind',
  },
]

/**
 * The faults of an imitation.
 *
 * @throws TypeError for a name that is none
 */
export function imitationOf(name: string): readonly Fault[] {
  const found = IMITATIONS.find((each) => each.name === name)
  if (found) return parseFaults(found.faults)
  const names = IMITATIONS.map((each) => each.name)
  const near = nearestWord(name, names)
  const quoted = JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name)
  throw new TypeError(
    `there is no imitation ${quoted}${near ? `; did you mean ${near}?` : `, but ${names.join(', ')}`}`,
  )
}
