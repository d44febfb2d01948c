/**
 * Says what is wrong with a chunked body (RFC 9112 §7.1). The first fault from the left counts.
 *
 * ```text
 * 5 \r\n hello \r\n 0 \r\n \r\n      ok
 * 0x5 \r\n …                         bad-size: a size is hexadecimal digits, then CR LF, blanks, or ";" and an extension
 * 5 \n hello …                       bare-lf: LF without CR where a line ends
 * 5 \r\n hello! \r\n …               missing-crlf: no CR LF behind the data, or CR without LF
 * ffffffff \r\n …                    too-large: all sizes together are more than 16 MiB (16 × 1024 × 1024)
 * 5 \r\n hel                         truncated: it ends too early
 * ```
 *
 * Bytes behind the end of the body belong to the next message: they are not looked at.
 *
 * @param body a body from its first byte on, as much of it as has come
 */
export type Diagnose = (body: Uint8Array) => Diagnosis

export type Diagnosis = 'ok' | 'bad-size' | 'missing-crlf' | 'truncated' | 'too-large' | 'bare-lf'
