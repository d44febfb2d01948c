import { halfAtEnd, wellFormed } from './well-formed.ts'
import type { Wrapper } from './wrap.ts'

/** Text as it is, for what is no terminal: no lines broken, no blanks changed, and no character in halves. */
export function createPlainText(): Pick<Wrapper, 'push' | 'end' | 'column'> {
  let half = ''
  let column = 0

  function passed(text: string): string {
    const end = text.lastIndexOf('\n')
    column = end === -1 ? column + text.length : text.length - end - 1
    return wellFormed(text)
  }

  return {
    push(text) {
      const whole = half + text
      half = halfAtEnd(whole)
      return passed(whole.slice(0, whole.length - half.length))
    },
    end() {
      const rest = half
      half = ''
      return passed(rest)
    },
    get column() {
      return column
    },
  }
}
