import type { Dial, DialOptions } from '@sse-from-scratch/http-raw'
import type { RecordedDirection, RecordedRead } from '@sse-from-scratch/llm-stream/recording'
import { type Connection, TcpError } from '@sse-from-scratch/tcp-echo'
import { createHostRewriter } from './host-rewriter.ts'
import { refuse } from './refuse.ts'
import { type Break, type Course, relay } from './relay.ts'
import type { Target } from './target.ts'
import { unreachable } from './unreachable.ts'

/** What every client of a proxy is served with. */
export interface Service {
  readonly target: Target
  readonly dial: Dial
  readonly dialOptions: DialOptions
}

/** Who hears what happens to one client. */
export interface Witness {
  /** Something was passed on, or has ended: told in that turn. */
  enter(happening: Happening): void
  /** A sentence for people. */
  note(text: string): void
}

/** An entry of a recording without its time and its number. */
export type Happening = WithoutPlace<RecordedRead>
type WithoutPlace<Entry> = Entry extends RecordedRead ? Omit<Entry, 'at' | 'connection'> : never

/** Serves one client until both directions have ended, or one end is lost. */
export async function serveClient(client: Connection, service: Service, witness: Witness): Promise<void> {
  const { target } = service
  const from = performance.now()
  let reached: Connection
  try {
    reached = await dialFor(client, service)
  } catch (error) {
    witness.enter({ kind: 'error', code: codeOf(error) })
    if (client.signal.aborted) return
    const sentence = unreachable(target.url.origin, error)
    witness.note(sentence)
    return refuse(client, sentence)
  }
  const { address, port } = reached.remote
  const host = address.includes(':') ? `[${address}]` : address
  witness.enter({ kind: 'open', address: `${host}:${port}`, took: performance.now() - from })
  const up = { ...courseOf('up', witness), rewrite: createHostRewriter(target.authority) }
  const broken = await relay(client, reached, up, courseOf('down', witness))
  if (broken) witness.enter(endingOf(broken))
  await reached[Symbol.asyncDispose]()
}

/** A client that leaves meanwhile takes its connection with it. */
async function dialFor(client: Connection, { target, dial, dialOptions }: Service): Promise<Connection> {
  const left = new AbortController()
  const leave = () => left.abort(client.signal.reason)
  client.signal.addEventListener('abort', leave, { once: true })
  try {
    return await dial(target.url, { ...dialOptions, signal: left.signal })
  } finally {
    client.signal.removeEventListener('abort', leave)
  }
}

function courseOf(direction: RecordedDirection, { enter }: Witness): Course {
  return {
    onBytes: (bytes) => enter({ kind: 'bytes', direction, bytes }),
    onWait: (milliseconds) => enter({ kind: 'wait', direction, milliseconds }),
    onFin: () => enter({ kind: 'fin', direction }),
  }
}

function endingOf({ side, error }: Break): Happening {
  const code = codeOf(error)
  if (code === 'TCP_RESET') return { kind: 'reset', direction: side === 'client' ? 'up' : 'down' }
  return { kind: 'error', code }
}

function codeOf(error: unknown): string {
  return error instanceof TcpError ? error.code : 'TCP_FAILED'
}
