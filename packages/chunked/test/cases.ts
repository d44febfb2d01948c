/** Chunked bodies that everybody must understand: what it shows, the wire, its data, its trailers. */
export const BODIES: readonly (readonly [why: string, wire: string, data: string, trailers: string])[] = [
  ['no chunk at all', '0\r\n\r\n', '', ''],
  ['one chunk', '5\r\nhello\r\n0\r\n\r\n', 'hello', ''],
  ['several chunks', '4\r\nWiki\r\n7\r\npedia i\r\nB\r\nn \r\nchunks.\r\n0\r\n\r\n', 'Wikipedia in \r\nchunks.', ''],
  ['sizes in either case', 'a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n', '01234567890123456789', ''],
  ['sizes with leading zeros', '0005\r\nhello\r\n0000000000000001\r\n!\r\n000\r\n\r\n', 'hello!', ''],
  ['a size of many zeros', `${'0'.repeat(40)}5\r\nhello\r\n${'0'.repeat(40)}\r\n\r\n`, 'hello', ''],
  ['data that looks like framing', '5\r\n0\r\n\r\n\r\n0\r\n\r\n', '0\r\n\r\n', ''],
  ['bytes of every value', `100\r\n${allBytes()}\r\n0\r\n\r\n`, allBytes(), ''],
  ['trailers', '1\r\nx\r\n0\r\nVary: *\r\nDone:  yes \r\n\r\n', 'x', 'Vary: *\r\nDone: yes\r\n'],
  ['a trailer without a value', '0\r\nEmpty:\r\n\r\n', '', 'Empty: \r\n'],
  ['an extension', '5;x\r\nhello\r\n0\r\n\r\n', 'hello', ''],
  ['an extension with a value', '5;x=1\r\nhello\r\n0;last=yes\r\n\r\n', 'hello', ''],
  ['an extension with a quoted value', '5;x="a; b=\\"c\\" \xe9\t\\\\"\r\nhello\r\n0\r\n\r\n', 'hello', ''],
  ['an empty quoted value', '5;x=""\r\nhello\r\n0\r\n\r\n', 'hello', ''],
  ['several extensions', '5;a;b=1;c="2"\r\nhello\r\n0;d;e\r\n\r\n', 'hello', ''],
  ['blanks around ; and =', '5 \t;\t a \t=\t 1 ; b = "2" ;c\r\nhello\r\n0 ;d\r\n\r\n', 'hello', ''],
]

/** Bytes that nobody may take for a chunked body: what is wrong, the wire, our code for it. */
export const NOT_BODIES: readonly (readonly [why: string, wire: string, code: string])[] = [
  // chunk-size = 1*HEXDIG
  ['no digit', '\r\n0\r\n\r\n', 'CHUNKED_BAD_SIZE'],
  ['an extension in place of digits', '5\r\nhello\r\n;x\r\n\r\n', 'CHUNKED_BAD_SIZE'],
  ['a minus', '-1\r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_SIZE'],
  ['a plus', '+1\r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_SIZE'],
  ['a prefix', '0x5\r\nhello\r\n0\r\n\r\n', 'CHUNKED_BAD_SIZE'],
  ['a blank before', ' 5\r\nhello\r\n0\r\n\r\n', 'CHUNKED_BAD_SIZE'],
  ['a blank after', '5 \r\nhello\r\n0\r\n\r\n', 'CHUNKED_BAD_SIZE'],
  ['a tab after', '5\t\r\nhello\r\n0\r\n\r\n', 'CHUNKED_BAD_SIZE'],
  ['a letter after F', '5g\r\nhello\r\n0\r\n\r\n', 'CHUNKED_BAD_SIZE'],
  ['an underscore', '1_0\r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_SIZE'],
  ['a decimal point', '5.0\r\nhello\r\n0\r\n\r\n', 'CHUNKED_BAD_SIZE'],
  ['NUL', '5\0\r\nhello\r\n0\r\n\r\n', 'CHUNKED_BAD_SIZE'],
  ['a byte that is 5 without its top bit', '\xb5\r\nhello\r\n0\r\n\r\n', 'CHUNKED_BAD_SIZE'],
  ['2^53', '20000000000000\r\n', 'CHUNKED_BAD_SIZE'],
  ['2^64 + 5', '10000000000000005\r\nhello\r\n0\r\n\r\n', 'CHUNKED_BAD_SIZE'],
  ['2^53 behind zeros', '0000000000000000000020000000000000\r\n', 'CHUNKED_BAD_SIZE'],
  // CRLF, and nothing else
  ['LF after a size', '5\nhello\r\n0\r\n\r\n', 'CHUNKED_BAD_SIZE'],
  ['CR after a size', '5\rhello\r\n0\r\n\r\n', 'CHUNKED_BAD_DELIMITER'],
  ['CR CR LF after a size', '5\r\r\nhello\r\n0\r\n\r\n', 'CHUNKED_BAD_DELIMITER'],
  ['more data than the size says', '5\r\nhello!\r\n0\r\n\r\n', 'CHUNKED_BAD_DELIMITER'],
  ['less data than the size says', '6\r\nhello\r\n0\r\n\r\n', 'CHUNKED_BAD_DELIMITER'],
  ['LF after data', '5\r\nhello\n0\r\n\r\n', 'CHUNKED_BAD_DELIMITER'],
  ['CR after data', '5\r\nhello\r0\r\n\r\n', 'CHUNKED_BAD_DELIMITER'],
  ['LF after the last chunk', '0\n\n', 'CHUNKED_BAD_SIZE'],
  ['LF after a trailer', '0\r\nA: b\n\r\n', 'CHUNKED_BAD_DELIMITER'],
  ['LF as the empty line', '0\r\n\n', 'CHUNKED_BAD_DELIMITER'],
  ['CR in a trailer', '0\r\nA: b\rC: d\r\n\r\n', 'HTTP_BAD_FIELD'],
  // chunk-ext
  ['LF in an extension', '1;a\nb\r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_DELIMITER'],
  ['CR in an extension', '1;a\rb\r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_DELIMITER'],
  ['LF in quotes', '1;a="\n"\r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_DELIMITER'],
  ['CRLF in quotes', '1;a="\r\n"\r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_EXTENSION'],
  ['NUL in quotes', '1;a="\0"\r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_EXTENSION'],
  ['a quoted NUL in quotes', '1;a="\\\0"\r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_EXTENSION'],
  ['quotes that never end', '1;a="b\r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_EXTENSION'],
  ['text after the quotes', '1;a="b"c\r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_EXTENSION'],
  ['an extension without a name', '1;\r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_EXTENSION'],
  ['a second extension without a name', '1;a;\r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_EXTENSION'],
  ['a value without a name', '1;=b\r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_EXTENSION'],
  ['= without a value', '1;a=\r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_EXTENSION'],
  ['a blank after the last extension', '1;a \r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_EXTENSION'],
  ['a blank after the last value', '1;a=b \r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_EXTENSION'],
  ['two names', '1;a b\r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_EXTENSION'],
  ['two values', '1;a=b c\r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_EXTENSION'],
  ['obs-text in a name', '1;\xe9\r\nx\r\n0\r\n\r\n', 'CHUNKED_BAD_EXTENSION'],
  // trailer-section
  ['a trailer without a colon', '0\r\nA\r\n\r\n', 'HTTP_BAD_FIELD'],
  ['a blank before the colon', '0\r\nA : b\r\n\r\n', 'HTTP_BAD_FIELD'],
  ['a folded trailer', '0\r\nA: b\r\n c\r\n\r\n', 'HTTP_BAD_FIELD'],
  ['NUL in a trailer', '0\r\nA: \0\r\n\r\n', 'HTTP_BAD_FIELD'],
]

function allBytes(): string {
  return Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('latin1')
}
