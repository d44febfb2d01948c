import { defineLab, only } from './engine/define-lab.ts'
import { apache, caddy, type Hop, haproxy, nginx, varnish } from './engine/hops.ts'
import type { Claim, Lab } from './engine/lab.ts'
import type { Script } from './engine/script.ts'
import { columns, type Stream, through } from './engine/through.ts'

const EVENT = `data: ${'x'.repeat(32)}\n\n`

function chunks(extension: string, trailer: string): Script {
  const chunk = `28${extension}\r\n${EVENT}\r\n`
  return async (out) => {
    out.head(trailer === '' ? {} : { Trailer: 'X-Sum' })
    for (const bytes of [chunk, chunk, `0\r\n${trailer}\r\n`]) {
      await out.pause(100)
      out.raw(bytes)
    }
    await out.pause(300)
    out.breakOff('fin') // all has been said
  }
}

const withExtension = chunks(';x=1', '')
const withTrailer = chunks('', 'X-Sum: 2\r\n')
/** What has to arrive is an event. */
const asEvent: Script = async (out) => {
  out.event()
  out.event()
  out.response.write('event: sum\ndata: 2\n\n')
  out.end()
}

const IN_11 = 'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;'
const HOPS: Readonly<Record<string, Hop>> = {
  nginx: nginx({ location: IN_11 }),
  HAProxy: haproxy({ defaults: 'option http-no-delay' }),
  Caddy: caddy(),
  Apache: apache(),
  Varnish: varnish(),
}
const NAMES = Object.keys(HOPS)
const SOUND = NAMES.filter((name) => name !== 'Varnish')

export const extrasOfChunks: Lab = defineLab({
  id: 'L20',
  title: 'Extras of chunks',
  about: `A chunk may have an extension behind its size, and a field may follow the last chunk: a trailer. Both are legal (RFC 9112 §7.1.1,
§7.1.2), and you would like to have a checksum there.`,
  question: 'What do the hops do with them?',
  options: ['all pass them on', 'all leave them out', 'some leave them out, and one breaks the stream'],
  right: { of: 'Varnish, trailer', is: ({ end }) => (end === 'whole' ? 1 : 2) },
  setups: [
    ...NAMES.flatMap((name) => [
      through({ name: `${name}, extension`, hops: [HOPS[name] as Hop], server: '28;x=1', script: withExtension }),
      through({
        name: `${name}, trailer`,
        hops: [HOPS[name] as Hop],
        server: 'X-Sum: 2 behind 0',
        script: withTrailer,
      }),
    ]),
    ...NAMES.map((name) =>
      through({
        name: `${name}, event`,
        isRepair: true,
        hops: [HOPS[name] as Hop],
        server: 'event: sum',
        script: asEvent,
      }),
    ),
  ],
  columns: {
    ...columns('events seen', 'end'),
    'extension seen': ({ wire }) => (wire.includes(';x=1') ? 'yes' : 'no'),
    'trailer seen': (stream) => (hasTrailer(stream) ? 'yes' : 'no'),
  },
  claims: [
    ...SOUND.map(
      (name): Claim<Stream> => ({
        of: [`${name}, extension`],
        says: `${name} takes the extension off, and loses no event`,
        holds: ({ wire, seen, end }) => !wire.includes(';x=1') && seen.length === 2 && end === 'whole',
      }),
    ),
    ...SOUND.map(
      (name): Claim<Stream> => ({
        of: [`${name}, trailer`],
        says: `a trailer does not hurt behind ${name}`,
        holds: ({ seen, end }) => seen.length === 2 && end === 'whole',
      }),
    ),
    ...['HAProxy', 'Caddy'].map(
      (name): Claim<Stream> => ({ of: [`${name}, trailer`], says: `${name} passes it on`, holds: hasTrailer }),
    ),
    ...['nginx', 'Apache'].map(
      (name): Claim<Stream> => ({
        of: [`${name}, trailer`],
        says: `${name} leaves it out`,
        when: name === 'nginx' ? only('nginx', '1.22') : only('apache', '2.4'),
        holds: (stream) => !hasTrailer(stream),
      }),
    ),
    {
      of: ['Varnish, extension'],
      says: 'Varnish 7.1 answers 200 with an empty body for an extension',
      when: only('varnish', '7.1'),
      holds: ({ status, seen }) => status === 200 && seen.length === 0,
    },
    {
      of: ['Varnish, trailer'],
      says: 'Varnish 7.1 takes a trailer for a stream that was cut',
      when: only('varnish', '7.1'),
      holds: ({ seen, end }) => seen.length > 0 && end !== 'whole', // on a busy machine the last event is lost with the cut
    },
    ...NAMES.map(
      (name): Claim<Stream> => ({
        of: [`${name}, event`],
        says: `as an event, it gets through ${name}`,
        holds: ({ last, end }) => last === '2' && end === 'whole',
      }),
    ),
  ],
  explain: `Chunks belong to one connection. A hop takes them off and makes its own, and what hangs on them need not survive (RFC 9112 §7.1.1
says so of extensions; a trailer may be dropped, RFC 9110 §6.5.1). What is legal and rare is also what is least tested.`,
  repair: `Put it into the stream, as an event of its own at the end. Then it is the end mark, too.`,
})

function hasTrailer({ wire }: Stream): boolean {
  return /\r\nx-sum: *2\r\n/i.test(wire.slice(wire.indexOf('\r\n\r\n')))
}
