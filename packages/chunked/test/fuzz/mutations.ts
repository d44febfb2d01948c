import fc from 'fast-check'

/** What has made two readers of one message see two: the favourite pieces of those who look for such places. */
const DICTIONARY: readonly string[] = [
  ...[
    '\r',
    '\n',
    '\r\n',
    '\n\r',
    '\r\r\n',
    '\r\n\r\n',
    '\n\n',
    ' ',
    '\t',
    '\0',
    '\x0b',
    '\x7f',
    '\x80',
    '\xa0',
    '\xff',
  ],
  ...[':', ' :', ';', ',', '=', '"', '\\', '#', '%0d%0a', '0', '00', '+', '-', '_', '0x', 'e', '.0', '5', 'f', 'g'],
  ...['HTTP/1.0', 'HTTP/1.2', 'HTTP/2.0', 'HTTP/1.1', 'CONNECT ', 'HEAD ', 'chunked', 'identity', 'gzip', ', '],
  ...[
    'Content-Length: 0\r\n',
    'Content-Length: 5\r\n',
    'Content-Length: +5\r\n',
    'Content-Length: 18446744073709551621\r\n',
  ],
  ...['Transfer-Encoding: chunked\r\n', 'Transfer-Encoding: identity\r\n', 'Transfer-Encoding:\x0bchunked\r\n'],
  ...['Host: b\r\n', 'Connection: close\r\n', ' folded\r\n', '\r\n folded', 'GET / HTTP/1.1\r\nHost: b\r\n\r\n'],
  ...['CONNECT b:443 HTTP/1.1\r\n', 'Upgrade: h2c\r\n', '\r\n\rX', 'xchunked', ', xchunked'],
  ...['0\r\n\r\n', '5\r\nhello\r\n', ';x="', ';x', 'ffffffffffffffff\r\n', '10000000000000005\r\n'],
]

/** One thing that happens to a message on its way. `at` and `from` are taken modulo its length. */
export interface Mutation {
  readonly at: number
  /** How many bytes are lost there. */
  readonly remove: number
  /** What comes in their place: bytes, or a piece of the message itself. */
  readonly insert: Uint8Array | { readonly from: number; readonly size: number }
}

export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    at: fc.nat(4000),
    remove: fc.oneof({ weight: 4, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(200) }),
    insert: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...DICTIONARY).map((text) => Buffer.from(text, 'latin1')) },
      { weight: 2, arbitrary: fc.uint8Array({ maxLength: 3 }) },
      { weight: 1, arbitrary: fc.record({ from: fc.nat(4000), size: fc.nat(60) }) },
    ),
  }),
  { minLength: 1, maxLength: 4 },
)

export function mutate(wire: Uint8Array, changes: readonly Mutation[]): Uint8Array {
  let bytes = wire
  for (const { at, remove, insert } of changes) {
    const place = at % (bytes.length + 1)
    const piece = insert instanceof Uint8Array ? insert : pieceOf(bytes, insert)
    bytes = new Uint8Array(Buffer.concat([bytes.subarray(0, place), piece, bytes.subarray(place + remove)]))
  }
  return bytes
}

function pieceOf(bytes: Uint8Array, { from, size }: { readonly from: number; readonly size: number }): Uint8Array {
  const start = from % (bytes.length + 1)
  return bytes.subarray(start, start + size)
}
