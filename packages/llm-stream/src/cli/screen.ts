import { createLiveLine } from '../terminal/live-line.ts'
import type { Terminal } from './conclude.ts'
import { createPrinter } from './printer.ts'

export interface ScreenOptions {
  readonly stdout: Terminal['stdout']
  /** What the line under the text says; absent where there is to be none. */
  readonly status?: (() => string) | undefined
}

/** Where an answer is shown: in frames on a terminal, at once elsewhere. */
export interface Screen {
  /** Adds to what is shown. Resolves at once, unless who reads it has fallen behind. */
  print(text: string): Promise<void>
  /** Shows what is left, takes the line under it away, and stands still. */
  end(): Promise<void>
}

/** Milliseconds between two frames: thirty a second look like text that flows, and cost a terminal next to nothing. */
const FRAME = 33
/** Milliseconds after which the line is written again although there is no text: people watch it count. */
const TICK = 250

export function createScreen({ stdout, status }: ScreenOptions): Screen {
  const printer = createPrinter(stdout)
  if (stdout.isTTY !== true) return { print: printer.print, end: async () => {} }
  const live = createLiveLine(() => stdout.columns ?? 80)
  let pending = ''
  let last = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined
  let busy = false // the terminal is behind
  let written: Promise<void> = Promise.resolve()

  function draw(): void {
    arm(status && TICK)
    if (busy) return
    const text = pending
    pending = ''
    last = performance.now()
    busy = true
    written = printer.print(status ? live.frame(text, status()) : text).finally(() => {
      busy = false
    })
  }

  function arm(delay: number | undefined): void {
    clearTimeout(timer)
    timer = delay === undefined ? undefined : setTimeout(draw, delay)
  }

  if (status) draw()
  return {
    async print(text) {
      pending += text
      await written
      if (pending === '') return
      const wait = last + FRAME - performance.now()
      if (wait <= 0) draw()
      else arm(wait)
    },
    async end() {
      clearTimeout(timer)
      await written
      await printer.print(live.clear() + pending)
      pending = ''
    },
  }
}
