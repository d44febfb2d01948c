/** An event as the client hears it (HTML §9.2.6). */
export interface ParsedEvent {
  /** The value of the last `event` field; `message` when there is none, or an empty one. */
  readonly type: string
  /** The values of all `data` fields, with LF between them. */
  readonly data: string
  /** The value of the last `id` field of the stream so far: an id stays until another one comes. */
  readonly lastEventId: string
}

/**
 * Reads an event stream (HTML §9.2.5, §9.2.6), while it arrives.
 *
 * ```text
 * stream = [ BOM ] *line                 BOM: U+FEFF, once, at the very start
 * line   = *( not CR, not LF ) end       end: CR LF, or CR, or LF
 *
 * : a comment \n        begins with a colon: read past
 * data:no space \n      name, colon, value
 * data: a space \n      one space behind the colon is not part of the value
 * data \n               no colon: the name alone, and an empty value
 * \n                    an empty line: dispatch the event, if there was any data
 * ```
 *
 * @param on hears each event, as soon as the line that ends it has ended
 */
export type CreateSseParser = (on: (event: ParsedEvent) => void) => SseParser

export interface SseParser {
  /** Takes the next piece of the stream. It may begin and end anywhere, also between CR and LF. */
  push(text: string): void
  /** The stream has ended. An event whose empty line has not come is not dispatched. */
  end(): void
}
