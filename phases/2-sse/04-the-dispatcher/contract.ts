/** A line of an event stream, as exercise 2.3 has cut it. Comments are gone already. */
export type Field =
  | { readonly kind: 'field'; readonly name: string; readonly value: string }
  | { readonly kind: 'empty-line' }

/** An event as the client hears it. */
export interface ParsedEvent {
  readonly type: string
  readonly data: string
  readonly lastEventId: string
}

/**
 * What the lines of an event stream mean (HTML §9.2.6).
 *
 * ```text
 * event: tick         the type of this event
 * id: 7               what is said on coming back
 * data: first line    the data: all lines of it, with LF between them
 * data: second line
 *                     an empty line: whoever listens for `tick` hears it; then only the id is kept
 * data: hello
 *                     whoever listens for `message` hears it, with the id 7
 * ```
 */
export type CreateDispatcher = () => Dispatcher

export interface Dispatcher {
  /** Calls `listener` for each event of this type from now on. There may be many; they are called in order. */
  on(type: string, listener: (event: ParsedEvent) => void): void
  /** Takes the next line. */
  push(field: Field): void
  /** The id that a client says when it comes back; empty when there is none. An empty line sets it, with or without an event. */
  readonly lastEventId: string
}
