import type { CodedContent } from '@sse-from-scratch/http-raw'
import type { Found } from './finding.ts'
import { type ContentNamer, type Find, MESSAGE_BODY, type Put } from './name.ts'
import { type CreateNamer, createPlain, type HearPlain } from './plain.ts'
import { type Collected, type Place, Ranges } from './ranges.ts'
import { refusalOf } from './refusal.ts'

/** Compressed bytes that may wait to be decompressed, which takes its time. */
export const MAX_WAITING: number = 8 * 1024 * 1024

interface Piece {
  readonly bytes: Uint8Array
  readonly from: Collected
}

export interface CodedOptions {
  readonly content: CodedContent
  readonly find: Find
  readonly put: Put
  readonly place: Place
  readonly createNamer: CreateNamer
  readonly hearPlain: HearPlain
  /** There are findings to be heard, or an error of a listener's to be passed on: outside of any push. */
  readonly wake: () => void
  /** There is something to be decompressed (1), or no more (-1). */
  readonly work: (change: 1 | -1) => void
}

/**
 * Looks into compressed content: what comes out of each piece goes through the namer of its media type.
 *
 * Decompressing is not done when `push` returns; what is found comes later, and names the bytes that carried it.
 */
export function createCodedNamer(options: CodedOptions): ContentNamer {
  const { content, put, place, find, createNamer, hearPlain } = options
  const collected = new Ranges()
  const plain = createPlain(find, createNamer, hearPlain)
  const waiting: Piece[] = []
  let size = 0 // of what is waiting
  let isOver = false
  let isGivenUp = false
  let wakeUp = () => {}
  let isRunning = false
  let isBusy = false

  function busy(now: boolean): void {
    if (now !== isBusy) options.work(now ? 1 : -1)
    isBusy = now
  }

  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const piece = waiting.shift()
      if (piece) {
        size -= piece.bytes.length
        plain.from(piece.from)
        yield piece.bytes
      } else if (isOver || isGivenUp) return
      else {
        busy(false) // asked for more, it has given out all that it could
        await new Promise<void>((resolve) => {
          wakeUp = resolve
        })
      }
    }
  }

  async function run(): Promise<void> {
    try {
      for await (const part of content.decode(pieces())) {
        if (isGivenUp) break
        if (!plain.push(part)) giveUp(opaque(plain.tooMany()))
        options.wake()
      }
      if (!isGivenUp) plain.end()
    } catch (error) {
      plain.end()
      giveUp({ layer: 'body', kind: 'error', ...refusalOf(error), bytes: plain.last })
    }
    options.wake()
    busy(false)
  }

  function giveUp(why: Found): void {
    if (isGivenUp) return
    isGivenUp = true
    waiting.length = 0
    find(why)
    wakeUp()
  }

  function opaque(why: string): Found {
    return {
      layer: 'body',
      kind: 'opaque',
      summary: `${why}: it is not looked into any further`,
      bytes: plain.last,
    }
  }

  function keep(bytes: Uint8Array): void {
    size += bytes.length
    if (size > MAX_WAITING) {
      giveUp(opaque(`more than ${MAX_WAITING} bytes wait of the compressed content`))
      return
    }
    collected.add(place, 0, bytes.length)
    waiting.push({ bytes: new Uint8Array(bytes), from: collected.take() })
    busy(true)
    if (isRunning) wakeUp()
    else void run()
    isRunning = true
  }

  return {
    push(bytes) {
      if (!isGivenUp) keep(bytes)
      put(MESSAGE_BODY, bytes.length)
    },
    end() {
      isOver = true
      if (isRunning && !isGivenUp) busy(true)
      wakeUp()
    },
  }
}
