import { FAULT_WORDS } from '../faults/fault-words.ts'
import { IMITATIONS } from '../imitate/imitations.ts'

/** A line in which faults are typed. */
export interface FaultPrompt {
  /** Takes a key: `taken` and `left` are the end of it. */
  key(key: string): 'open' | 'taken' | 'left'
  readonly text: string
  /** How the word that is being typed is written, or the words there are; what is wrong, if that was said. */
  readonly hint: string
  /** Stays open: that was no fault. */
  refuse(why: string): void
}

const ENTER = /^[\r\n]$/
const ESCAPE = '\u001b'
const BACKSPACE = /^[\u007f\b]$/
const KILL_LINE = '\u0015' // Ctrl-U
const TYPED = /^[!-~]$/ // faults have no blanks
/** As many as `parseFaults` reads. */
const LONGEST = 500

export function createFaultPrompt(faults: string): FaultPrompt {
  let text = faults
  let refusal: string | undefined

  function type(key: string): void {
    refusal = undefined
    if (BACKSPACE.test(key)) text = text.slice(0, -1)
    else if (key === KILL_LINE) text = ''
    else if (TYPED.test(key) && text.length < LONGEST) text += key
  }

  return {
    key(key) {
      if (ENTER.test(key)) return 'taken'
      if (key === ESCAPE) return 'left'
      type(key)
      return 'open'
    },
    get text() {
      return text
    },
    get hint() {
      return refusal ?? hintFor(text.split(',').at(-1) ?? '')
    },
    refuse(why) {
      refusal = why
    },
  }
}

function hintFor(typed: string): string {
  const name = /^[^=@]*/.exec(typed)?.[0] ?? ''
  const whole = FAULT_WORDS.find((word) => word.name === name)
  if (whole) return `${whole.usage}  ${whole.meaning}`
  const imitation = IMITATIONS.find((each) => each.name === name)
  if (imitation) return `${name}  ${imitation.meaning}`
  const names = [...FAULT_WORDS, ...(name === '' ? [] : IMITATIONS)].map((each) => each.name)
  const like = names.filter((each) => each.startsWith(name))
  return like.length === 0 ? `no fault begins with ${name}` : like.join(' ')
}
