import type { Delta } from '../02-openai-deltas/contract.ts'

export type { Delta } from '../02-openai-deltas/contract.ts'

/** All that the screen shows, and all that decides what happens next. It begins as `{ phase: 'ready', input: '', turns: [] }`. */
export interface Ui {
  /** `ready`: you may ask. `answering`: an answer comes. `left`: the program is over. */
  readonly phase: 'ready' | 'answering' | 'left'
  /** What is being typed. */
  readonly input: string
  /** What was said, the oldest first. */
  readonly turns: readonly Turn[]
}

export type Turn = Question | Answer

export interface Question {
  readonly who: 'you'
  readonly text: string
}

export interface Answer {
  readonly who: 'model'
  readonly text: string
  /** When it was asked for. All times are milliseconds of one clock. */
  readonly askedAt: number
  /** How many deltas with text have come. */
  readonly tokens: number
  /** When the first and the last of them came; absent while there is none. */
  readonly firstAt?: number
  readonly lastAt?: number
  /** How it is over: `complete`, `stopped`, or what went wrong. Absent while it comes. */
  readonly end?: string
}

/** What can happen. */
export type UiEvent =
  /** Somebody has typed this. */
  | { readonly kind: 'type'; readonly text: string }
  /** Backspace: takes away one character, as people count characters. */
  | { readonly kind: 'erase' }
  /** Enter. */
  | { readonly kind: 'enter'; readonly at: number }
  /** Ctrl-C. */
  | { readonly kind: 'interrupt'; readonly at: number }
  /** A piece of the answer. Only text is for the screen. */
  | { readonly kind: 'delta'; readonly delta: Delta; readonly at: number }
  /** The answer is whole. */
  | { readonly kind: 'complete'; readonly at: number }
  /** It has failed; `say` is what 3.7 says. */
  | { readonly kind: 'failed'; readonly say: string; readonly at: number }

/**
 * What the screen is after this event. Pure: it changes nothing, it returns the next one. Who runs the chat looks at `phase`
 * after each event: when it is not `answering` any more, it hangs up.
 *
 * ```text
 *             enter (with something typed)
 *   ready ─────────────────────────────────► answering
 *     │   ◄─────────────────────────────────     │
 *     │      complete, failed, interrupt      delta (adds to the answer)
 *     │ interrupt
 *     ▼
 *   left
 * ```
 */
export type Step = (ui: Ui, event: UiEvent) => Ui

/**
 * The whole screen as text: lines of at most `cols` cells.
 *
 * ```text
 * > What is the sea?                                      a question, behind a mark
 * A lot of water, and 世界 is wide.                       an answer, wrapped at blanks; wide characters take two cells
 * [12 tokens, first after 350 ms, 40 tokens/s]            its numbers
 *                                                         an empty line behind each answer
 * > and the moo                                           what is being typed
 * ```
 *
 * The line of numbers is one of these; the rate counts from the first token to the last, and is left out when there is no time between them.
 *
 * ```text
 * [waiting for the first token]                           nothing has come yet
 * [1 token, first after 350 ms]
 * [12 tokens, first after 350 ms, 40 tokens/s]
 * [12 tokens, first after 350 ms, 40 tokens/s, stopped]   `end`, when it is not `complete`
 * [no answer: the server answered 401]                    nothing has come, and it is over: `end`
 * ```
 *
 * The last line is `> ` and the input while `ready`, `(Ctrl-C stops the answer)` while `answering`, and nothing when `left`.
 *
 * @param cols cells of a line, 20 at least
 */
export type Paint = (ui: Ui, cols: number) => string
