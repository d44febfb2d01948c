import { createRequire } from 'node:module'

/** The parser inside node:http (llhttp, compiled), as node:http itself uses it. It is not public: this may break. */
export interface HttpParser {
  execute(bytes: Uint8Array): void
  close(): void
}

interface NativeParser {
  [callback: number]: unknown
  initialize(type: number, resource: object, maxHeaderSize?: number): void
  execute(bytes: Uint8Array): number | Error
  close(): void
}

interface HttpCommon {
  readonly HTTPParser: {
    new (): NativeParser
    readonly REQUEST: number
    readonly RESPONSE: number
    readonly kOnHeadersComplete: number
    readonly kOnBody: number
    readonly kOnMessageComplete: number
  }
}

const { HTTPParser }: HttpCommon = createRequire(import.meta.url)('_http_common')

const HEAD = Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')

/** A parser that has read the head of a chunked response and hands on the body. */
export function createHttpParser(onBody: (data: Uint8Array) => void): HttpParser {
  const parser = new HTTPParser()
  parser.initialize(HTTPParser.RESPONSE, {})
  parser[HTTPParser.kOnHeadersComplete] = () => 0
  parser[HTTPParser.kOnBody] = onBody
  parser[HTTPParser.kOnMessageComplete] = () => {}
  const execute = (bytes: Uint8Array) => {
    const result = parser.execute(bytes)
    if (result instanceof Error) throw result
  }
  execute(HEAD)
  return { execute, close: () => parser.close() }
}

/** A parser of one request after the other, which hands on names and values in turn. */
export function createRequestParser(onFields: (fields: readonly string[]) => void): HttpParser {
  const parser = new HTTPParser()
  parser.initialize(HTTPParser.REQUEST, {})
  parser[HTTPParser.kOnHeadersComplete] = (_major: number, _minor: number, fields: readonly string[]) => {
    onFields(fields)
    return 0
  }
  parser[HTTPParser.kOnMessageComplete] = () => {}
  const execute = (bytes: Uint8Array) => {
    const result = parser.execute(bytes)
    if (result instanceof Error) throw result
  }
  return { execute, close: () => parser.close() }
}
