import type { Socket } from 'node:net'
import type { Weather } from './weather.ts'

/** At most so many late bytes are held for one direction; then the sender has to wait, as on a real line. */
const IN_FLIGHT = 1024 * 1024

/** Milliseconds between the last byte and the RST of a cut. */
const BEFORE_RESET = 20

/** Moves bytes from one socket to the other through the weather, in order. */
export function carry(from: Socket, to: Socket, weather: Weather): { stop(): void } {
  const { delay = 0, pieceSize = Number.POSITIVE_INFINITY, pieceInterval = 0 } = weather
  const { cutAfter = Number.POSITIVE_INFINITY, cut = 'reset' } = weather
  /** What is on its way, bytes or the FIN (null), and when it is due. */
  const inFlight: { bytes: Buffer | null; readonly due: number }[] = []
  let held = 0
  let carried = 0
  let nextWrite = 0
  let timer: NodeJS.Timeout | undefined
  let state: 'open' | 'waiting-for-drain' | 'over' = 'open'

  const enqueue = (bytes: Buffer | null): void => {
    if (state === 'over') return
    inFlight.push({ bytes, due: performance.now() + delay })
    held += bytes?.length ?? 0
    if (held > IN_FLIGHT) from.pause()
    if (timer === undefined) deliver()
  }

  const deliver = (): void => {
    timer = undefined
    for (let next = inFlight[0]; next !== undefined && state === 'open' && !to.destroyed; next = inFlight[0]) {
      const wait = Math.max(next.due, nextWrite) - performance.now()
      if (wait > 0) {
        timer = setTimeout(deliver, Math.ceil(wait))
        return
      }
      const piece = next.bytes?.subarray(0, Math.min(pieceSize, cutAfter - carried)) ?? null
      if (next.bytes === null || piece?.length === next.bytes.length) inFlight.shift()
      else next.bytes = next.bytes.subarray(piece?.length)
      if (piece === null) to.end()
      else write(piece)
    }
  }

  const write = (piece: Buffer): void => {
    held -= piece.length
    carried += piece.length
    nextWrite = performance.now() + pieceInterval
    if (held <= IN_FLIGHT) from.resume()
    if (carried === cutAfter) cutAfterWriting(piece)
    else if (!to.write(piece)) {
      state = 'waiting-for-drain'
      to.once('drain', () => {
        if (state === 'over') return
        state = 'open'
        deliver()
      })
    }
  }

  const cutAfterWriting = (last: Buffer): void => {
    stop()
    if (cut === 'reset') to.write(last, () => resetSoon(from, to))
    if (cut === 'end') to.end(last)
    if (cut === 'stall') to.write(last)
  }

  const stop = (): void => {
    state = 'over'
    inFlight.length = 0
    clearTimeout(timer)
  }

  from.on('data', enqueue)
  from.on('end', () => enqueue(null))
  return { stop }
}

/**
 * Leaves the peer time to read what came before. libuv reports an RST that arrives together with data as a FIN
 * (its stream code ends on POLLHUP after a short read), so a reset right behind the last byte would look like a clean end.
 */
function resetSoon(...sockets: Socket[]): void {
  // In one process the immediate makes it certain: it runs after a poll phase, in which the peer reads.
  setTimeout(() => setImmediate(() => reset(...sockets)), BEFORE_RESET)
}

/** RST to whoever is left. */
export function reset(...sockets: Socket[]): void {
  for (const socket of sockets) {
    if (socket.destroyed) continue
    if (isSendingFin(socket)) socket.destroy()
    else socket.resetAndDestroy()
  }
}

/**
 * libuv refuses a reset while a FIN is on its way (EINVAL from uv_tcp_close_reset), and Node 20 then leaves the handle open: the
 * process, or the worker, spins at its end for ever.
 */
function isSendingFin({ writableEnded, writableFinished }: Socket): boolean {
  return writableEnded && !writableFinished
}
