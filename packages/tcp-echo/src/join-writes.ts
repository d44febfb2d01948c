import type { Socket } from 'node:net'
import type { Condition } from './condition.ts'

/** Up to here one copy is cheaper than many parts; above it the kernel is given the parts as they are. */
const MOST_COPIED = 16 * 1024

/** A part up to here is copied faster byte by byte than by `set`, which is a call: 1.1 times the events in all. */
const SHORT = 8

/** So many parts that wait for a socket to drain are made one: the objects around small ones are larger than they. */
const MOST_HELD = 256

const NOTHING: Uint8Array[] = [] // never changed

/** Who has written something in this turn of the event loop. */
let writers: JoinedWrites[] = []

/** What was joined last in the turn that is ending, and what it was made of. */
let lastParts: readonly Uint8Array[] = NOTHING
let lastJoined: Uint8Array | undefined

/**
 * Holds writes back until the current turn of the event loop has done its work, so that they leave as one.
 *
 * Thirty-two small events written in one turn are then one system call and one segment, not thirty-two. They are copied
 * together, since to a stream every part is a write of its own: 1.7 times as many leave per second of CPU time as with
 * cork and writev (`npm run bench:chunked -- --only encode`). Where the same parts go to many, they are copied once.
 *
 * A socket that is full gets nothing before it has drained: until then small parts are packed into larger ones, so that a
 * reader who has stopped costs the bytes that wait for it, and not the objects around them.
 */
export class JoinedWrites {
  readonly #socket: Socket
  readonly #output: Condition
  #parts: Uint8Array[] = NOTHING
  #text: string = '' // what comes behind them: it becomes bytes once, however many have added to it
  #size: number = 0
  #packed: number = 0 // so many of the parts are not worth packing any more

  /** `output` hears of each handing over. */
  constructor(socket: Socket, output: Condition) {
    this.#socket = socket
    this.#output = output
  }

  /** How many bytes wait. */
  get size(): number {
    return this.#size
  }

  add(parts: readonly Uint8Array[]): void {
    this.#schedule()
    this.#endText()
    if (this.#parts === NOTHING) this.#parts = []
    for (const part of parts) {
      this.#parts.push(part)
      this.#size += part.length
    }
    if (this.#parts.length - this.#packed >= MOST_HELD && this.#socket.writableNeedDrain) this.#pack()
  }

  /** Text of one byte a character. */
  addText(latin1: string): void {
    this.#schedule()
    this.#text += latin1
    this.#size += latin1.length
  }

  /** The turn is over. Bytes that their owner has given away meanwhile break this connection, not those behind it. */
  endTurn(): void {
    if (this.#socket.writableNeedDrain) return
    try {
      this.flush()
    } catch (error) {
      this.#socket.destroy(error as Error)
    }
  }

  /** Hands it over now: the socket has drained, or an end comes next. */
  flush(): void {
    if (this.#size === 0) return
    if (this.#parts !== NOTHING) this.#endText()
    const parts = this.#parts
    const text = this.#text
    const size = this.#size
    this.#parts = NOTHING
    this.#text = ''
    this.#size = 0
    this.#packed = 0
    if (!this.#socket.destroyed) {
      if (text === '') send(this.#socket, parts, size)
      else this.#socket.write(text, 'latin1')
    }
    this.#output.changed()
  }

  #schedule(): void {
    if (this.#size > 0) return
    if (writers.length === 0) process.nextTick(endTurn)
    writers.push(this)
  }

  #endText(): void {
    if (this.#text === '') return
    if (this.#parts === NOTHING) this.#parts = []
    this.#parts.push(Buffer.from(this.#text, 'latin1'))
    this.#text = ''
  }

  #pack(): void {
    const parts = this.#parts.splice(this.#packed)
    const size = parts.reduce((sum, part) => sum + part.length, 0)
    if (size <= MOST_HELD * 1024) this.#parts.push(joined(parts, size))
    else this.#parts.push(...parts)
    this.#packed = this.#parts.length
  }
}

function endTurn(): void {
  const ended = writers
  writers = []
  for (const writer of ended) writer.endTurn()
  lastParts = NOTHING
  lastJoined = undefined
}

function send(socket: Socket, parts: readonly Uint8Array[], size: number): void {
  const [first] = parts
  if (first && parts.length === 1) socket.write(first)
  else if (size <= MOST_COPIED) socket.write(joinedOnce(parts, size))
  else {
    socket.cork()
    for (const part of parts) socket.write(part)
    socket.uncork()
  }
}

/** At the end of a turn nobody runs who could change a part between two sockets. */
function joinedOnce(parts: readonly Uint8Array[], size: number): Uint8Array {
  if (lastJoined && sameParts(parts, lastParts)) return lastJoined
  lastParts = parts
  lastJoined = joined(parts, size)
  return lastJoined
}

function sameParts(some: readonly Uint8Array[], others: readonly Uint8Array[]): boolean {
  if (some.length !== others.length) return false
  for (let i = 0; i < some.length; i++) if (some[i] !== others[i]) return false
  return true
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = Buffer.allocUnsafe(size)
  let at = 0
  for (const part of parts) {
    if (part.length > SHORT) whole.set(part, at)
    else for (let i = 0; i < part.length; i++) whole[at + i] = part[i] as number
    at += part.length
  }
  return whole
}
