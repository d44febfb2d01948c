import { defineLab } from './engine/define-lab.ts'
import { apache, caddy, type Hop, haproxy, nginx, varnish } from './engine/hops.ts'
import type { Claim, Lab } from './engine/lab.ts'
import { steady } from './engine/script.ts'
import { columns, type Stream, through } from './engine/through.ts'

const SIZE = 100_000
const script = steady({ events: 2, size: SIZE })
const IN_11 = 'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;'
const HOPS: Readonly<Record<string, Hop>> = {
  nginx: nginx({ location: IN_11 }),
  HAProxy: haproxy({ defaults: 'option http-no-delay' }, 'chunks=upper'),
  Caddy: caddy(),
  Apache: apache(),
  Varnish: varnish({}, 'chunks=padded'),
}

/** What each of them does to sizes that the server wrote as 186a0, at least. */
const PRINTS: readonly (readonly [name: string, says: string, is: (sizes: readonly string[]) => boolean])[] = [
  ['HAProxy', 'writes sizes in upper case', (sizes) => sizes.some(isUpper) && !sizes.some(isLower)],
  ['Varnish', 'pads sizes with zeros', (sizes) => sizes.some((size) => /^0[\da-f]/.test(size))],
  ['nginx', 'makes chunks of 4 to 8 KB', (sizes) => largest(sizes) <= 0x2000],
  ['Apache', 'makes chunks of 8 KB', (sizes) => largest(sizes) <= 0x2000],
  ['Caddy', 'makes chunks of at most 32 KB', (sizes) => largest(sizes) <= 0x8000 && largest(sizes) > 0x2000],
]

export const theFingerprint: Lab = defineLab({
  id: 'L21',
  title: 'The fingerprint',
  about: `The server writes two events of 100,000 bytes, a chunk each: 186a0. Nobody tells you which hops are on the way.`,
  question: 'How many chunks does the client get behind nginx?',
  options: ['two: a chunk is an event', 'more, of a size that nginx has chosen', 'one'],
  right: { of: 'nginx', is: ({ sizes }) => (sizes.length - 1 === 2 ? 0 : sizes.length > 3 ? 1 : 2) },
  setups: [
    through({ name: 'direct', hops: [], script }),
    ...Object.entries(HOPS).map(([name, hop]) => through({ name, hops: [hop], script, isRepair: false })),
  ],
  columns: {
    chunks: ({ sizes }) => `${Math.max(0, sizes.length - 1)}`,
    'largest size': ({ sizes }) => sizes.find((size) => Number.parseInt(size, 16) === largest(sizes)) ?? '',
    'last size': ({ sizes }) => sizes.at(-1) ?? '',
    ...columns('events'),
  },
  claims: [
    { of: ['direct'], says: 'the server sends two chunks', holds: ({ sizes }) => sizes.join() === '186a0,186a0,0' },
    ...PRINTS.map(
      ([name, says, is]): Claim<Stream> => ({ of: [name], says: `${name} ${says}`, holds: ({ sizes }) => is(sizes) }),
    ),
    ...Object.keys(HOPS).map(
      (name): Claim<Stream> => ({
        of: [name],
        says: `and behind ${name} the events are the same two`,
        holds: ({ seen, end }) => seen.length === 2 && end === 'whole',
      }),
    ),
  ],
  explain: `A hop reads into buffers of its own and makes a chunk of each. So sizes tell who was the last one on the way: read them with
curl --raw, or npm run xray. It is why a client that takes a chunk for an event works on the laptop only.`,
  repair: `Cut at blank lines, and never at chunks (exercise 2.3): the column "events" is the same everywhere.`,
})

function largest(sizes: readonly string[]): number {
  return Math.max(...sizes.map((size) => Number.parseInt(size, 16)))
}

function isUpper(size: string): boolean {
  return /[A-F]/.test(size)
}

function isLower(size: string): boolean {
  return /[a-f]/.test(size)
}
