import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { start } from '@sse-from-scratch/testkit'
import type { Breakage } from './breakage.ts'
import { askAll } from './clients.ts'
import { chunk, HEAD, serveRaw } from './raw-server.ts'

/** Milliseconds between two writes, so that each can be seen coming. */
const GAP = 150

/** Everything that is broken on purpose. */
export const BREAKAGES: readonly Breakage[] = [
  {
    name: 'chunk',
    says: 'the size of the second chunk is not hexadecimal',
    look: 'the chunk layer, and the code of its error',
    means: 'All of them notice it: a chunk that cannot be read ends everything behind it, too.',
    serve: () => serveRaw(writing(HEAD, chunk('data: one\n\n'), 'zz\r\ndata: two\n\n\r\n', '0\r\n\r\n')),
    ask: askAll,
  },
  {
    name: 'kill',
    says: 'the process of the server is killed in the middle of a chunk',
    look: 'FIN comes, but no chunk of size 0: the end is as clean as that of a connection can be, and nothing is whole',
    means:
      'Whoever reads chunks sees that the last one is missing. Half a word has been shown by then, where each read is shown at once.',
    serve: serveInProcess,
    ask: askAll,
  },
  {
    name: 'blank-line',
    says: 'the last event has no blank line behind it',
    look: 'the last line is there, and no event',
    means:
      'HTTP is content, and the event is lost without a word: HTML §9.2.6 says so. Send the blank line with the event.',
    serve: () => serveRaw(writing(HEAD, chunk('data: one\n\n'), chunk('data: two\n'), '0\r\n\r\n')),
    ask: askAll,
  },
  {
    name: 'reader',
    says: 'the client does not read',
    look: 'how many bytes the server gets rid of, although nobody reads any of them',
    means:
      'Megabytes are on the way before write() says false, and what it is given then stays in the memory of the server.',
    serve: servePusher,
    ask: async (url) => {
      const { port, hostname } = new URL(url)
      const client = connect(Number(port), hostname).pause()
      client.on('error', () => {}).write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
      await pause(2000)
      client.destroy()
      return ['the client: has not read a byte']
    },
  },
  {
    name: 'character',
    says: 'an ö is cut in half: its two bytes are in two chunks, and in two packets',
    look: 'the bytes c3 and b6, in two reads; the event has them together again',
    means:
      'Whoever makes a text of each read alone has two broken characters. A decoder that remembers has one that is right.',
    serve: () => {
      const [first, second] = [
        Buffer.from('data: w\u00f6rld\n\n').subarray(0, 8),
        Buffer.from('data: w\u00f6rld\n\n').subarray(8),
      ]
      return serveRaw(writing(HEAD, chunk(first), chunk(second), '0\r\n\r\n'))
    },
    ask: askAll,
  },
]

/** Writes these one after the other, and closes. */
function writing(...parts: readonly (string | Uint8Array)[]) {
  return async (socket: import('node:net').Socket): Promise<void> => {
    for (const part of parts) {
      socket.write(part)
      await pause(GAP)
    }
    socket.end()
  }
}

const DOOMED = fileURLToPath(new URL('doomed.mjs', import.meta.url))

/** A server in a process of its own for each client: the kernel closes its connections when it is killed. */
async function serveInProcess() {
  return await serveRaw(async (socket) => {
    const doomed = await start(process.execPath, [DOOMED], { ready: /port (\d+)/ })
    const server = connect(Number(doomed.match[1]), '127.0.0.1')
    server.on('error', () => socket.destroy()).pipe(socket)
    await doomed.ended
  })
}

/** A server that writes for as long as somebody takes it. */
async function servePusher() {
  const notes: string[] = []
  return await serveRaw(async (socket) => {
    socket.write(HEAD)
    const event = chunk(`data: ${'x'.repeat(512 * 1024)}\n\n`)
    let [written, isBlocked] = [0, false]
    socket.on('drain', () => (isBlocked = false))
    for (let idle = 0; idle < 8 && !socket.destroyed; ) {
      if (isBlocked) idle++
      else {
        idle = 0
        isBlocked = !socket.write(event)
        written += event.length
      }
      await pause(isBlocked ? 100 : 1)
    }
    const waiting = socket.writableLength
    notes.push(
      `the server: wrote ${megabytes(written - waiting)}; write() says false, and ${megabytes(waiting)} wait in its memory`,
    )
  }, notes)
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
