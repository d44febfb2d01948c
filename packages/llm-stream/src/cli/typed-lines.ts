import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Terminal } from './conclude.ts'
import { createEcho } from './echo.ts'
import { MAX_LINES } from './prompt-history.ts'

/** Lines typed ahead that are kept; a text pasted by mistake may have many more. */
export const MAX_WAITING = 100

/** What somebody types, line by line, also while nobody asks: it is kept, and only shown when it is its turn. */
export interface TypedLines {
  /** The next line: the one that has waited longest, else the one that will be typed; `null` when there are no more. */
  next(): Promise<string | null>
  /** Whether the input has ended (Ctrl-D), or was closed. */
  readonly ended: boolean
  close(): void
}

export interface TypedLinesOptions {
  readonly input: Readable
  /** Where the prompt and what is typed are shown. */
  readonly output: Terminal['stdout']
  /** Ctrl-C, which a terminal in raw mode hands to readline. */
  readonly onInterrupt: () => void
  /** The input has ended. */
  readonly onEnd: () => void
  /** What the arrow keys offer at the beginning, newest first. */
  readonly history: readonly string[]
  /** A line came that is one too many to wait. */
  readonly onOverflow: () => void
}

const PROMPT = '> '

export function readTypedLines(options: TypedLinesOptions): TypedLines {
  const { input, output, history, onInterrupt, onEnd, onOverflow } = options
  const echo = createEcho(output)
  const reading = createInterface({
    input,
    output: echo,
    terminal: true,
    prompt: PROMPT,
    history: [...history],
    historySize: MAX_LINES,
    removeHistoryDuplicates: true,
  })
  const waiting: string[] = []
  let give: ((line: string | null) => void) | undefined // there while somebody waits
  let ended = false
  echo.muted = true

  function settle(line: string | null): void {
    echo.muted = true
    give?.(line)
    give = undefined
  }

  reading.on('line', (line) => {
    if (give) settle(line)
    else if (waiting.length < MAX_WAITING) waiting.push(line)
    else onOverflow()
  })
  reading.on('SIGINT', onInterrupt)
  reading.on('close', () => {
    ended = true
    if (give) output.write('\n') // after the prompt
    onEnd()
    settle(null)
  })

  return {
    get ended() {
      return ended
    },
    async next() {
      if (ended) return null
      const line = waiting.shift()
      if (line !== undefined) {
        output.write(`${PROMPT}${line}\n`)
        return line
      }
      echo.muted = false
      reading.prompt(true) // with what has been typed of it so far,
      if (process.env['TERM'] === 'dumb') echo.write(reading.line) // of which readline shows nothing here
      return new Promise((resolve) => {
        give = resolve
      })
    },
    close: () => reading.close(),
  }
}
