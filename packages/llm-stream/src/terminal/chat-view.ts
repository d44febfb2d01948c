import type { LlmEvent } from '../events.ts'
import { createPlainText } from './plain-text.ts'
import { createSanitizer, type Sanitizer } from './sanitize.ts'
import { createWrapper } from './wrap.ts'

/** What the terminal is like. */
export interface ChatViewOptions {
  /** Cells of a line; Infinity breaks none. */
  readonly columns: number
  /** Whether escape sequences of our own are welcome: thoughts are dim then, and left out otherwise. */
  readonly color: boolean
}

/** An answer, as a terminal shows it. Pure: events in, text out, which is only ever added to what was printed before. */
export interface ChatView {
  /** What to print for this event. */
  take(event: LlmEvent): string
  /** The answer is over, however: what was kept back, the end of a colour, and of the line. */
  end(): string
  /** Lines have this many cells from now on. */
  resize(columns: number): void
}

const DIM = '\u001b[2m'
const PLAIN = '\u001b[0m'

type Section = 'text' | 'reasoning' | 'call'

/**
 * Shows the first choice of an answer: words wrapped by what their characters take on a terminal, thoughts dim, tool calls
 * by name; and nothing that a terminal would obey (see `createSanitizer`).
 *
 * @throws RangeError for less than two columns
 */
export function createChatView({ columns, color }: ChatViewOptions): ChatView {
  const body = columns === Number.POSITIVE_INFINITY ? undefined : createWrapper(checkColumns(columns))
  const lines = body ?? createPlainText()
  let section: Section | undefined
  let call = -1
  let safe: Sanitizer = createSanitizer()

  /** Ends what is there, and leaves a blank line if there was anything. */
  function begin(next: Section): string {
    if (section === next) return ''
    const gap = section === undefined ? '' : endSection() + lines.push('\n')
    section = next
    safe = createSanitizer()
    return gap + (color && next !== 'text' ? DIM : '')
  }

  function endSection(): string {
    const rest = lines.end()
    const style = color && section !== undefined && section !== 'text' ? PLAIN : ''
    return rest + style + (lines.column > 0 ? lines.push('\n') : '')
  }

  function takeCall(event: Extract<LlmEvent, { readonly kind: 'tool-call' }>): string {
    const isNext = section !== 'call' || event.index !== call
    call = event.index
    const line = section === 'call' && isNext ? lines.end() + lines.push('\n') : ''
    const title = isNext ? `[calls ${event.name ?? 'a tool'}] ` : ''
    return begin('call') + line + lines.push(safe(title + event.arguments))
  }

  return {
    take(event) {
      switch (event.kind) {
        case 'text':
        case 'refusal':
          return event.choice === 0 ? begin('text') + lines.push(safe(event.text)) : ''
        case 'reasoning':
          return event.choice === 0 && color ? begin('reasoning') + lines.push(safe(event.text)) : ''
        case 'tool-call':
          return event.choice === 0 ? takeCall(event) : ''
        case 'start':
        case 'citation':
        case 'turn':
        case 'usage':
        case 'stop':
          return ''
      }
    },
    end() {
      const text = endSection()
      section = undefined
      return text
    },
    resize(to) {
      checkColumns(to)
      body?.resize(to)
    },
  }
}

function checkColumns(columns: number): number {
  if (columns >= 2) return columns
  throw new RangeError(`a terminal has at least two columns, not ${columns}`)
}
