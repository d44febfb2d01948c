/**
 * As much of the Redis protocol as an event stream needs: commands go out as arrays of strings, replies come back in
 * order (RESP2, https://redis.io/docs/latest/develop/reference/protocol-spec/).
 */
import { connect as connectSocket, type NetConnectOpts } from 'node:net'

/** What Redis answers: text, a number, nothing, or a list of such. */
export type Reply = string | number | null | readonly Reply[]

/** Redis said no. */
export class RedisError extends Error {
  override readonly name = 'RedisError'
}

export interface Redis {
  /** Sends one command. Rejects with a {@link RedisError} if Redis refuses it, with the socket's error if that is gone. */
  command(...words: readonly string[]): Promise<Reply>
  close(): void
}

/** A reply larger than this is a mistake of ours: everything is asked for in parts. */
const LONGEST_REPLY = 64 * 1024 * 1024

export async function connectRedis(where: NetConnectOpts, timeout = 5000): Promise<Redis> {
  const socket = connectSocket(where).setKeepAlive(true, 10_000) // who only waits finds out that nobody is there
  const waiting: { resolve: (reply: Reply) => void; reject: (reason: unknown) => void }[] = []
  let read: Buffer = Buffer.alloc(0)
  let gone: unknown

  const fail = (reason: unknown): void => {
    gone ??= reason
    for (const { reject } of waiting.splice(0)) reject(gone)
  }
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the connection to Redis is closed')))
  socket.on('data', (bytes) => {
    read = read.length === 0 ? bytes : Buffer.concat([read, bytes])
    if (read.length > LONGEST_REPLY) socket.destroy(new Error(`Redis answered more than ${LONGEST_REPLY} bytes`))
    for (let parsed = parse(read, 0); parsed; parsed = parse(read, 0)) {
      read = read.subarray(parsed.end)
      const next = waiting.shift()
      if (parsed.reply instanceof RedisError) next?.reject(parsed.reply)
      else next?.resolve(parsed.reply)
    }
  })
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => socket.destroy(new Error(`no connection to Redis after ${timeout} ms`)), timeout)
    socket.once('connect', resolve).once('error', reject).once('close', reject)
    socket.once('connect', () => clearTimeout(late)).once('close', () => clearTimeout(late))
  })

  return {
    command(...words) {
      if (gone !== undefined) return Promise.reject(gone)
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
        socket.write(`*${words.length}\r\n${parts.join('')}`)
      })
    },
    close: () => socket.destroy(),
  }
}

interface Parsed<Value> {
  readonly reply: Value
  readonly end: number
}

/** The reply that begins at `from`; undefined if it is not all there yet. */
function parse(bytes: Buffer, from: number): Parsed<Reply | RedisError> | undefined {
  const lineEnd = bytes.indexOf('\r\n', from)
  if (lineEnd < 0) return undefined
  const kind = String.fromCharCode(bytes[from] ?? 0)
  const line = bytes.toString('utf8', from + 1, lineEnd)
  const end = lineEnd + 2
  if (kind === '+') return { reply: line, end }
  if (kind === '-') return { reply: new RedisError(line), end }
  if (kind === ':') return { reply: Number(line), end }
  const length = Number(line)
  if (length < 0) return { reply: null, end }
  if (kind === '*') return parseList(bytes, end, length)
  if (bytes.length < end + length + 2) return undefined
  return { reply: bytes.toString('utf8', end, end + length), end: end + length + 2 }
}

function parseList(bytes: Buffer, from: number, length: number): Parsed<Reply> | undefined {
  const items: Reply[] = []
  let end = from
  while (items.length < length) {
    const item = parse(bytes, end)
    if (!item) return undefined
    items.push(item.reply as Reply) // no error stands inside a list we ask for
    end = item.end
  }
  return { reply: items, end }
}
