/** Puts lines together again from whatever reads the connection gives. */
export interface LineReader {
  /** The next read: half a line, ten lines, half a character. Calls `onLine` for each line that is whole now. */
  push(bytes: Uint8Array): void
  /** The connection has ended (FIN). What is left is the last line, if there is anything left. */
  end(): void
}

/**
 * A line reader.
 *
 * ```text
 * sent      o n e CR LF t w ö LF t h r e e           one text of 15 bytes (ö is two: c3 b6)
 *
 * reads     o n e CR | LF t w c3 | b6 LF t h r e e   cut where TCP liked
 * lines     one        tw ö        three             the same for all cuts
 * ```
 *
 * A line ends at LF. If a CR stands right before the LF, it belongs to the end and not to the line. The text is UTF-8.
 *
 * @param onLine called once for each line, in order, without the end of the line
 */
export type CreateLineReader = (onLine: (line: string) => void) => LineReader
