/** Watches JSON text come in, and knows when its object or array is over. */
export interface JsonEnd {
  /** Whether the last bracket has come, and nothing but blanks behind it. */
  readonly reached: boolean
  push(text: string): void
}

type State = 'before' | 'inside' | 'in-string' | 'escape' | 'behind' | 'broken'

/**
 * Counts the brackets outside of strings (RFC 8259 §2). That is less than parsing, and looks at every character once,
 * where `JSON.parse` after every piece would read all of them again.
 */
export function createJsonEnd(): JsonEnd {
  let state: State = 'before'
  let depth = 0

  function next(char: string): State {
    switch (state) {
      case 'in-string':
        if (char === '\\') return 'escape'
        return char === '"' ? 'inside' : 'in-string'
      case 'escape':
        return 'in-string'
      case 'inside':
        return char === '"' ? 'in-string' : bracket(char)
      case 'before':
        return OPENING.has(char) ? bracket(char) : blank(char)
      case 'behind':
        return blank(char)
      case 'broken':
        return 'broken'
    }
  }

  function bracket(char: string): State {
    if (OPENING.has(char)) depth++
    if (CLOSING.has(char)) depth--
    return depth === 0 ? 'behind' : 'inside'
  }

  /** Anything else before or behind is no object and no array. */
  function blank(char: string): State {
    return BLANK.has(char) ? state : 'broken'
  }

  return {
    get reached() {
      return state === 'behind'
    },
    push(text) {
      for (let at = 0; at < text.length; at++) state = next(text[at] as string)
    },
  }
}

const OPENING: ReadonlySet<string> = new Set(['{', '['])
const CLOSING: ReadonlySet<string> = new Set(['}', ']'])
const BLANK: ReadonlySet<string> = new Set([' ', '\t', '\n', '\r'])
