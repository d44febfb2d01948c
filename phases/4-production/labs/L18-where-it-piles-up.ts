import { once } from 'node:events'
import { connect } from 'node:net'
import { defineLab } from './engine/define-lab.ts'
import { type Hop, haproxy, nginx, startHops, varnish } from './engine/hops.ts'
import type { Lab, Setup } from './engine/lab.ts'
import { startOrigin } from './engine/origin.ts'
import type { Script } from './engine/script.ts'

/** Bytes that the server would like to send, and how many of them a write has. */
const WANTED = 64 * 1024 * 1024
const WRITE = 64 * 1024
/** Milliseconds without progress until the server counts as blocked. */
const BLOCKED = 1500

interface Piled {
  /** Bytes that the server got rid of. */
  readonly pushed: number
  readonly errorLog: string
}

export const whereItPilesUp: Lab = defineLab<Piled>({
  id: 'L18',
  title: 'Where it piles up',
  isHeavy: true,
  about: `A client asks for 64 MB, and reads nothing. The server respects backpressure: when write() says false, it waits for "drain".
What is between them decides when that is.`,
  question: 'How much can the server send before it has to wait, behind stock nginx?',
  options: ['almost nothing: the client does not read', 'some megabytes, for the kernels', 'all of it'],
  right: { of: 'nginx stock', is: ({ pushed }) => (isAll({ pushed }) ? 2 : pushed > 1024 * 1024 ? 1 : 0) },
  setups: [
    pile('direct', []),
    pile('nginx stock', [nginx()]),
    pile('Varnish', [varnish()]),
    pile('HAProxy', [haproxy()]),
    pile('nginx, no file', [nginx({ location: 'proxy_max_temp_file_size 0;' })], true),
    pile('nginx, no buffer', [nginx({ location: 'proxy_buffering off;' })], true),
  ],
  columns: {
    'could send': ({ pushed }) => `${(pushed / 1024 / 1024).toFixed(1)} MB`,
    'had to wait': (result) => (isAll(result) ? 'never' : 'yes'),
    'a file': ({ errorLog }) => (isInFile(errorLog) ? 'yes' : 'no'),
  },
  claims: [
    {
      of: ['direct'],
      says: 'without a hop it has to wait: the kernels take some megabytes',
      holds: (direct) => !isAll(direct),
    },
    { of: ['HAProxy'], says: 'behind HAProxy, too', holds: (haproxy) => !isAll(haproxy) },
    {
      of: ['nginx stock'],
      says: 'stock nginx takes all of it, into a file, and says so in its log',
      holds: (stock) => isAll(stock) && isInFile(stock.errorLog),
    },
    { of: ['Varnish'], says: 'Varnish takes all of it, into memory', holds: isAll },
    {
      of: ['nginx, no file', 'nginx, no buffer'],
      says: 'without the file, or without the buffer, the server behind nginx has to wait',
      holds: (...results) => !results.some(isAll),
    },
  ],
  explain: `Backpressure is passed on from hop to hop, and a hop that stores ends it. Then the server believes that everything was read, an
answer that nobody reads is made to its end, and the disk or the memory of the hop fills. Varnish was started with 16 MB
of storage here: what is on its way is not counted there.`,
  repair: `proxy_buffering off; or proxy_max_temp_file_size 0; for nginx, return (pipe) for Varnish. And remember the megabytes in the
kernels: "write() said true" never means that somebody has read it.`,
})

function pile(name: string, hops: readonly Hop[], isRepair = false): Setup<Piled> {
  return {
    name,
    isRepair,
    config: hops.map(({ program, config }) => `${program}:\n${config.replaceAll(/^/gm, '  ')}`).join('\n'),
    programs: hops.map(({ program }) => program),
    canImitate: false,
    async measure() {
      let tell = (_pushed: number) => {}
      const result = new Promise<number>((resolve) => (tell = resolve))
      const script: Script = async ({ response }) => {
        response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Cache-Control': 'no-store' })
        tell(await push(response))
      }
      await using origin = await startOrigin(script)
      const started = await startHops(hops, origin.port, false)
      const client = connect(started[0]?.port ?? origin.port, '127.0.0.1').pause()
      try {
        await once(client, 'connect')
        client.on('error', () => {}).write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
        const pushed = await result
        return { pushed, errorLog: (await started[0]?.errorLog?.()) ?? '' }
      } finally {
        client.destroy()
        for (const hop of started) await hop[Symbol.asyncDispose]()
      }
    },
  }
}

/** @returns how many bytes went before it had to wait for too long */
async function push(response: NodeJS.WritableStream & { readonly writableLength: number }): Promise<number> {
  const bytes = new Uint8Array(WRITE)
  for (let pushed = WRITE; ; pushed += WRITE) {
    const mayGoOn = response.write(bytes)
    if (pushed >= WANTED) return pushed
    if (mayGoOn) continue
    try {
      await once(response, 'drain', { signal: AbortSignal.timeout(BLOCKED) })
    } catch {
      return pushed - response.writableLength
    }
  }
}

function isAll({ pushed }: Pick<Piled, 'pushed'>): boolean {
  return pushed >= WANTED
}

function isInFile(errorLog: string): boolean {
  return errorLog.includes('buffered to a temporary file')
}
