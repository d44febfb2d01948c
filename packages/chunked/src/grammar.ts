/**
 * A chunked body is for a sender who does not know yet how much there will be. It sends what it has as a chunk, with
 * the number of bytes in front, in hexadecimal; a chunk of size 0 says that this was all (RFC 9112 §7.1).
 *
 *     5 CR LF              chunk-size
 *     h e l l o CR LF      chunk-data, exactly that many bytes
 *     1a CR LF             another chunk, of 26 bytes
 *     …
 *     0 CR LF              the last chunk
 *     Done: yes CR LF      trailer-section: fields that were not known before the body; most often there are none
 *     CR LF
 *
 * CR LF, the bytes 13 and 10, is how a line ends in HTTP. Behind chunk-data it ends no line, and says nothing that the size
 * has not said: it is there so that a sender who has miscounted is noticed.
 *
 * In the words of the standard, where `*` is any number of what follows, `1*` at least one, and brackets are none or one:
 *
 *     chunked-body    = *chunk last-chunk trailer-section CRLF
 *     chunk           = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
 *     chunk-size      = 1*HEXDIG
 *     last-chunk      = 1*("0") [ chunk-ext ] CRLF
 *     trailer-section = *( field-line CRLF )
 *
 * Nothing else is a chunked body, however well it could be guessed what was meant: where two programs on the way of a message
 * guess differently, the end of the body is in two places, and what is between them is data to one and a request to the other.
 *
 * The decoder has one state for each of these elements: the one that the next byte belongs to. A read may end anywhere,
 * also between CR and LF, so these have states of their own.
 */
export type ChunkedState =
  | 'chunk-size' // its digits, and the CR, blank or semicolon that ends them
  | 'chunk-ext' // what a sender may add to the size, and its CR: see chunk-ext.ts
  | 'chunk-size-lf' // the LF after either: now the size is known
  | 'chunk-data'
  | 'chunk-data-cr' // the data has been counted: only a CR can be next
  | 'chunk-data-lf'
  | 'trailer-section' // with the empty line behind it
  | 'done' // what follows is not ours: the next message, or another protocol
