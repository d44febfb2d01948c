/** A piece of an answer, as its tags tell. */
export interface ThinkPiece {
  readonly kind: 'text' | 'reasoning'
  readonly text: string
}

/** Where thoughts are in an answer that has them in its text. */
export interface ThinkTagsOptions {
  /** Default `<think>` and `</think>`. */
  readonly open?: string
  readonly close?: string
  /**
   * Whether the answer begins with thoughts, without the opening tag: some chat templates put that one into the prompt.
   * Default false.
   */
  readonly begun?: boolean
}

/** Takes an answer's text apart, cut anywhere, into what was thought and what is said. */
export interface ThinkTags {
  push(text: string, emit: (piece: ThinkPiece) => void): void
  /** The answer is over: what may have been the beginning of a tag is none. */
  end(emit: (piece: ThinkPiece) => void): void
}

/** Blanks before the opening tag, at most; with more, an answer has begun. */
const MAX_BLANK = 64

type State = 'before' | 'reasoning' | 'between' | 'text'

/**
 * Finds the thoughts at the beginning of an answer. Only there: an answer about tags has some of its own, and a tag in the
 * middle of a sentence is a word. Thoughts that nobody closes stay thoughts. The blanks around the tags are nobody's.
 *
 * @throws RangeError for an empty tag
 */
export function createThinkTags(options: ThinkTagsOptions = {}): ThinkTags {
  const { open = '<think>', close = '</think>', begun = false } = options
  if (open === '' || close === '') throw new RangeError('a tag has at least one character')
  let state: State = begun ? 'reasoning' : 'before'
  let held = '' // what may still become a tag, or blanks before one

  function before(text: string): string {
    const rest = text.trimStart()
    const mayOpen = text.length - rest.length <= MAX_BLANK && (rest.startsWith(open) || open.startsWith(rest))
    if (mayOpen && rest.length < open.length) {
      held = text
      return ''
    }
    state = mayOpen ? 'reasoning' : 'text'
    return mayOpen ? rest.slice(open.length) : text
  }

  function reasoning(text: string, emit: (piece: ThinkPiece) => void): string {
    const at = text.indexOf(close)
    const end = at === -1 ? text.length - overlap(text, close) : at
    say('reasoning', text.slice(0, end), emit)
    if (at === -1) held = text.slice(end)
    else state = 'between'
    return text.slice(at + close.length)
  }

  function between(text: string): string {
    const rest = text.trimStart()
    if (rest !== '') state = 'text'
    return rest
  }

  return {
    push(text, emit) {
      let rest = held + text
      held = ''
      if (state === 'before') rest = before(rest)
      if (state === 'reasoning') rest = reasoning(rest, emit)
      if (state === 'between') rest = between(rest)
      if (state === 'text') say('text', rest, emit)
    },
    end(emit) {
      say(state === 'reasoning' ? 'reasoning' : 'text', held, emit)
      held = ''
    },
  }
}

function say(kind: ThinkPiece['kind'], text: string, emit: (piece: ThinkPiece) => void): void {
  if (text !== '') emit({ kind, text })
}

/** How much of the end of `text` is the beginning of `tag`. */
function overlap(text: string, tag: string): number {
  for (let size = Math.min(text.length, tag.length - 1); size > 0; size--) {
    if (text.endsWith(tag.slice(0, size))) return size
  }
  return 0
}
