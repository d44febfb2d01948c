import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { run } from '@sse-from-scratch/testkit'
import { defineLab } from './engine/define-lab.ts'
import type { Lab, Setup } from './engine/lab.ts'
import { ms } from './engine/through.ts'

const PROGRAM = fileURLToPath(new URL('engine/vanish.mjs', import.meta.url))
/** Milliseconds that we look on: enough for a keep-alive of a second and its ten probes. */
const LIMIT = 14_000

interface Vanished {
  /** Milliseconds until the server learned of it; undefined when it did not while we looked on. */
  readonly noticedAfter?: number
  readonly error?: string
  /** Bytes that wait in the process at the end. */
  readonly waiting?: number
}

export const goneWithoutAWord: Lab = defineLab<Vanished>({
  id: 'L24',
  title: 'Gone without a word',
  about: `The client is a phone that goes into a tunnel: no FIN, no RST, no packet ever again. The lab makes a network of its own and takes its
only device down. We look on for 14 seconds.`,
  question: 'Which server learns of it first?',
  options: [
    'one that writes a heartbeat',
    'one with TCP keep-alive',
    'one with a timer of its own',
    'all at once: the kernel says so',
  ],
  right: { of: 'timer', is: ({ noticedAfter = LIMIT }) => (noticedAfter < LIMIT ? 2 : 0) },
  setups: [
    vanish('nothing', 'nothing', 'waits', { waiting: 0 }),
    vanish('heartbeat', 'heartbeat', 'writes a comment each 500 ms', { waiting: 0 }),
    vanish(
      'keep-alive',
      'keep-alive',
      'socket.setKeepAlive(true, 1000)',
      { noticedAfter: 11_235, error: 'ETIMEDOUT' },
      true,
    ),
    vanish('timer', 'timeout', 'socket.setTimeout(2000)', { noticedAfter: 2005 }, true),
  ],
  columns: {
    'learned of it after': ({ noticedAfter }) =>
      noticedAfter === undefined ? `not in ${LIMIT / 1000} s` : ms(noticedAfter),
    error: ({ error }) => error ?? 'none',
    'waiting in the process': ({ waiting }) => (waiting === undefined ? '' : `${waiting} bytes`),
  },
  claims: [
    { of: ['nothing'], says: 'who waits never learns of it', holds: ({ noticedAfter }) => noticedAfter === undefined },
    {
      of: ['heartbeat'],
      says: 'who writes does not learn of it either, and nothing piles up where it could be seen',
      holds: ({ noticedAfter, waiting }) => noticedAfter === undefined && waiting === 0,
    },
    {
      of: ['timer', 'keep-alive'],
      says: 'a timer is first, and keep-alive gives up with ETIMEDOUT when ten probes were not answered',
      holds: (timer, keepAlive) =>
        (timer.noticedAfter ?? LIMIT) < (keepAlive.noticedAfter ?? LIMIT) && keepAlive.error === 'ETIMEDOUT',
    },
  ],
  explain: `TCP sends again what is not acknowledged, and waits longer each time: on Linux about fifteen minutes until it gives up
(tcp_retries2). Small events fit into its buffer all the while, so write() says true. Without data it sends nothing at all, and
so never learns anything. Keep-alive asks for the acknowledgement; Node sets the time until the first probe, and then there is one
a second, ten times.`,
  repair: `TCP keep-alive on both ends. The client needs a timer of its own that each heartbeat resets: only it can know that it
should have heard something (exercise 4.3). A timer on the server's socket counts what is sent, too: it is for silent streams.`,
})

function vanish(name: string, way: string, config: string, recorded: Vanished, isRepair = false): Setup<Vanished> {
  return {
    name,
    isRepair,
    config: `the server: ${config}`,
    programs: [],
    canImitate: false,
    missing: noNetworkOfOurOwn,
    recorded: { with: 'Linux 6, Node 20.20', result: recorded },
    async measure() {
      const args = ['-rn', process.execPath, PROGRAM, way, `${LIMIT}`]
      const { stdout, stderr, code } = await run('unshare', args, { timeout: 2 * LIMIT })
      if (code !== 0) throw new Error(`unshare ended with ${code}: ${stderr}`)
      return JSON.parse(stdout) as Vanished
    },
  }
}

let answer: { readonly reason: string | undefined } | undefined

/** Asked once: a network of one's own needs Linux, unshare and ip, and the right to use them. */
function noNetworkOfOurOwn(): string | undefined {
  answer ??= { reason: ask() }
  return answer.reason
}

function ask(): string | undefined {
  const { status } = spawnSync('unshare', ['-rn', 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' })
  return status === 0 ? undefined : 'no right to make a network (unshare -rn)'
}
