import { watchStream } from './engine/client.ts'
import { defineLab } from './engine/define-lab.ts'
import { startHops, varnish } from './engine/hops.ts'
import type { Lab, Setup } from './engine/lab.ts'
import { startOrigin } from './engine/origin.ts'
import type { Script } from './engine/script.ts'
import type { Watched } from './engine/watched.ts'

interface Shared {
  /** How often the server was asked. */
  readonly requests: number
  /** What each of three clients got: the second came in the middle, the third behind the end. */
  readonly clients: readonly Watched[]
}

export const aPrivateStream: Lab = defineLab<Shared>({
  id: 'L19',
  title: 'A private stream',
  about: `Three people ask, one after the other, the same URL behind Varnish. The server would make a stream for each of them. It says
nothing about caching.`,
  question: 'How many requests does the server get?',
  options: ['three', 'one: the streams are shared', 'two: only the finished one is shared'],
  right: { of: 'nothing said', is: ({ requests }) => (requests === 3 ? 0 : requests === 1 ? 1 : 2) },
  setups: [shared('nothing said'), shared('no-store', 'no-store'), shared('private', 'private, no-cache')],
  columns: {
    requests: ({ requests }) => `${requests}`,
    'stream of the first': ({ clients }) => clients[0]?.last ?? '',
    'of the second': ({ clients }) => clients[1]?.last ?? '',
    'of the third': ({ clients }) => clients[2]?.last ?? '',
  },
  claims: [
    {
      of: ['nothing said'],
      says: 'without Cache-Control all three get the stream of the first one',
      holds: ({ requests, clients }) => requests === 1 && clients.every(({ last }) => last === 'for 1'),
    },
    {
      of: ['nothing said'],
      says: 'the third one gets it as an answer of a known length, with its age',
      holds: ({ clients }) =>
        /^content-length: /im.test(clients[2]?.head ?? '') && /^age: /im.test(clients[2]?.head ?? ''),
    },
    ...['no-store', 'private'].map((name) => ({
      of: [name],
      says: `with ${name} each one gets a stream of their own`,
      holds: ({ requests, clients }: Shared) => requests === 3 && new Set(clients.map(({ last }) => last)).size === 3,
    })),
  ],
  explain: `A cache may keep an answer that does not forbid it (RFC 9111 §3), and Varnish keeps it for two minutes. It also joins requests for
what is still on its way. What was one person's answer is then everybody's.`,
  repair: `Cache-Control: no-store with every stream. The server of this repository sends no-cache and no-transform; a POST is not cached.`,
})

function shared(name: string, cacheControl?: string): Setup<Shared> {
  const hop = varnish()
  return {
    name,
    isRepair: cacheControl !== undefined,
    config: `varnish:\n${hop.config.replaceAll(/^/gm, '  ')}\nthe server: ${cacheControl === undefined ? 'no Cache-Control' : `Cache-Control: ${cacheControl}`}`,
    programs: [hop.program],
    canImitate: false,
    async measure() {
      await using origin = await startOrigin(streamOf(cacheControl))
      const [started] = await startHops([hop], origin.port, false)
      if (started === undefined) throw new Error('there is one hop')
      try {
        const { port } = started
        let join = (_second: Promise<Watched>) => {}
        const joined = new Promise<Watched>((resolve) => (join = resolve))
        const first = await watchStream({ port, onEvents: (count) => count === 1 && join(watchStream({ port })) })
        const second = await joined
        const third = await watchStream({ port })
        return { requests: origin.asked.length, clients: [first, second, third] }
      } finally {
        await started[Symbol.asyncDispose]()
      }
    },
  }
}

function streamOf(cacheControl: string | undefined): Script {
  let count = 0
  return async ({ response, pause }) => {
    const own = ++count
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      ...(cacheControl === undefined ? {} : { 'Cache-Control': cacheControl }),
    })
    for (let nth = 0; nth < 4; nth++) {
      response.write(`data: for ${own}\n\n`)
      await pause(200)
    }
    response.end()
  }
}
