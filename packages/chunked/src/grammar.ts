/**
 * A chunked body is for a sender who does not know yet how much there will be. It sends what it has as a chunk, with
 * the number of bytes in front, in hexadecimal; a chunk of size 0 says that this was all (RFC 9112 §7.1).
 *
 *     5 CR LF              chunk-size
 *     h e l l o CR LF      chunk-data, exactly that many bytes
 *     0 CR LF              the last chunk
 *     Done: yes CR LF      trailer-section: fields that were not known before the body; most often there are none
 *     CR LF
 *
 * In the words of the standard:
 *
 *     chunked-body    = *chunk last-chunk trailer-section CRLF
 *     chunk           = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
 *     chunk-size      = 1*HEXDIG
 *     last-chunk      = 1*("0") [ chunk-ext ] CRLF
 *     trailer-section = *( field-line CRLF )
 *
 * The decoder has one state for each of these elements: the one that the next byte belongs to. A CRLF is two bytes,
 * and a read may end between them, so the LF has states of its own.
 */
export type ChunkedState =
  | 'chunk-size'
  | 'chunk-ext'
  | 'chunk-size-lf'
  | 'chunk-data'
  | 'chunk-data-cr'
  | 'chunk-data-lf'
  | 'trailer-section'
  | 'done'
