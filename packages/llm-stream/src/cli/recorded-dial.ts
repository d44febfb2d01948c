import { setTimeout } from 'node:timers/promises'
import type { Dial } from '@sse-from-scratch/http-raw'
import { type Connection, type Endpoint, TcpError } from '@sse-from-scratch/tcp-echo'
import { LlmError } from '../errors.ts'
import type { RecordedRead } from '../recorded-read.ts'

/**
 * A connection that says again what a recorded one said: the same reads, at the times they had, `speed` times as fast; 0 is
 * without pauses. What is written to it goes nowhere.
 */
export function createRecordedDial(entries: readonly RecordedRead[], speed: number): Dial {
  return async (_url, { signal }) => {
    signal?.throwIfAborted()
    return createRecordedConnection(entries, speed, signal)
  }
}

const NOWHERE: Endpoint = { address: '127.0.0.1', port: 0 }

function createRecordedConnection(
  entries: readonly RecordedRead[],
  speed: number,
  signal: AbortSignal | undefined,
): Connection {
  const over = new AbortController()
  const rest = entries.filter(isFromServer)
  const back: Uint8Array[] = []
  const began = performance.now()
  const first = entries[0]?.at ?? 0
  signal?.addEventListener('abort', () => over.abort(signal.reason), { once: true })

  async function read(): Promise<Uint8Array | null> {
    over.signal.throwIfAborted()
    const again = back.pop()
    if (again) return again
    const entry = rest.shift()
    if (!entry) return null
    await until(entry.at)
    return said(entry)
  }

  async function until(at: number): Promise<void> {
    const early = speed === 0 ? 0 : began + (at - first) / speed - performance.now()
    if (early <= 0) return
    await setTimeout(early, undefined, { signal: over.signal }).catch(() => over.signal.throwIfAborted())
  }

  const connection: Connection = {
    local: NOWHERE,
    remote: NOWHERE,
    signal: over.signal,
    unsent: 0,
    read,
    unread: (bytes) => void back.push(bytes),
    write: async () => {},
    end: async () => {},
    abort: (reason) => over.abort(reason),
    async *[Symbol.asyncIterator]() {
      for (let bytes = await read(); bytes !== null; bytes = await read()) yield bytes
    },
    async [Symbol.asyncDispose]() {
      over.abort(new TcpError('TCP_CLOSED', 'closed'))
    },
  }
  return connection
}

type FromServer = Exclude<RecordedRead, { readonly kind: 'open' | 'stall' | 'wait' }>

function isFromServer(entry: RecordedRead): entry is FromServer {
  if (entry.kind === 'open' || entry.kind === 'stall' || entry.kind === 'wait') return false
  return entry.kind === 'error' || entry.direction === 'down'
}

function said(entry: FromServer): Uint8Array | null {
  switch (entry.kind) {
    case 'bytes':
      return entry.bytes
    case 'fin':
      return null
    case 'reset':
      throw new TcpError('TCP_RESET', 'the server dropped the connection')
    case 'error':
      throw new TcpError('TCP_FAILED', `the connection broke with ${entry.code}`)
    case 'gap':
      throw new LlmError('LLM_BAD_RECORDING', `the recording lacks ${entry.size} bytes here`)
  }
}
