import type { Connection } from './connection.ts'
import { notBytes, TcpError } from './errors.ts'
import { close, createEnd, type End, reset } from './memory-end.ts'
import { READ_AHEAD } from './read-ahead.ts'

/** How much a connection in memory holds. */
export interface MemoryPairOptions {
  /** How many bytes fit between a writer and a reader who does not read; what is above is unsent. Default 65,536. */
  readonly capacity?: number
}

/**
 * Two connected ends with no network in between: what one writes, the other reads.
 *
 * They behave like the two ends of a TCP connection: `write` waits while more than `capacity` bytes are unread, `end`
 * is half-close, `abort` is a `TCP_RESET` for the other side, and so is writing to a side that has been disposed.
 * There is no time in it: nothing is late, and nothing times out.
 */
export function memoryPair(options: MemoryPairOptions = {}): [client: Connection, server: Connection] {
  const { capacity = READ_AHEAD } = options
  if (!(capacity >= 0)) throw new RangeError(`capacity must be 0 or more bytes, not ${capacity}`)
  const client: End = createEnd({ address: 'memory', port: 1 })
  const server: End = createEnd({ address: 'memory', port: 2 })
  return [connectionBetween(client, server, capacity), connectionBetween(server, client, capacity)]
}

/** A real read never returns a large write whole, so no reader may come to expect it. */
function* inReads(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += READ_AHEAD) yield bytes.subarray(at, at + READ_AHEAD)
}

function connectionBetween(self: End, peer: End, capacity: number): Connection {
  const isOver = (end: End) => end.over.signal.aborted
  const unsent = () => (isOver(self) ? 0 : Math.max(0, peer.input.size - capacity))
  const closed = () => new TcpError('TCP_CLOSED', 'the connection is closed')

  async function send(parts: readonly Uint8Array[]): Promise<void> {
    if (!isOver(self) && isOver(peer)) reset(self)
    if (self.failure !== undefined) throw self.failure
    if (self.ended || isOver(self)) throw closed()
    for (const part of parts) for (const piece of inReads(part)) peer.input.push(piece)
    await self.output.until(() => unsent() === 0)
    if (self.failure !== undefined) throw self.failure
  }

  const connection: Connection = {
    local: self.endpoint,
    remote: peer.endpoint,
    signal: self.over.signal,
    get unsent() {
      return unsent()
    },
    read() {
      const bytes = self.input.read()
      peer.output.changed() // there may be room
      return bytes
    },
    unread: (bytes) => self.input.unread(bytes),

    write(...parts) {
      if (!parts.every((part) => part instanceof Uint8Array)) return Promise.reject(notBytes())
      const sent = send(parts)
      sent.catch(() => {}) // as in a real connection
      return sent
    },

    async end() {
      self.ended = true
      if (!isOver(self)) peer.input.end()
      await self.output.until(() => unsent() === 0)
      if (isOver(self) && !self.finished) throw self.failure ?? closed()
      self.finished = true
      if (!peer.finished) return
      close(self, closed())
      close(peer, closed())
    },

    abort(reason) {
      const wasOpen = !isOver(self)
      self.failure ??= reason ?? new TcpError('TCP_CLOSED', 'aborted by this side')
      self.input.discard(self.failure)
      close(self, self.failure)
      if (wasOpen && !isOver(peer)) reset(peer)
    },

    async *[Symbol.asyncIterator]() {
      for (let bytes = await connection.read(); bytes !== null; bytes = await connection.read()) yield bytes
    },

    async [Symbol.asyncDispose]() {
      await connection.end().catch(() => {}) // broken already: nothing left to send
      close(self, closed())
      if (self.input.size > capacity && !isOver(peer)) reset(peer) // what it still wants to send has nowhere to go
    },
  }
  return connection
}
