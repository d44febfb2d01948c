/**
 * What a client hears of five broken or strange streams: the data of each event, in order, `\n` for a line end in it.
 *
 * ```text
 * data: one \n \n            an event: its field, and a blank line      heard: ["one"]
 * ```
 */
export interface Answers {
  /** The last event has no blank line behind it. */
  readonly noBlankLine: () => readonly string[]
  /** Lines that are only `data`, without a colon. */
  readonly noColon: () => readonly string[]
  /** CR, LF and CRLF in one stream; one CRLF is cut in two. */
  readonly mixedLineEnds: () => readonly string[]
  /** Two events in one chunk. */
  readonly twoInOneChunk: () => readonly string[]
  /** One event in five chunks. */
  readonly oneInFiveChunks: () => readonly string[]
  /** The names of the streams (as above) of which the naive parser hears exactly the right events. */
  readonly naiveIsRight: () => readonly string[]
}
