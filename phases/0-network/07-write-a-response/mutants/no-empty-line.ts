import { STATUS_CODES } from 'node:http'
import type { EncodeResponse } from '../contract.ts'

const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/
/** One line, one byte a character. What is beyond U+00FF would lose its upper half, and could become CR or LF by that. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

export const encodeResponse: EncodeResponse = ({ status, headers = [], body = '' }) => {
  if (!(Number.isInteger(status) && status >= 100 && status <= 999)) throw new RangeError(`no status: ${status}`)
  for (const [name, value] of headers) {
    if (!TOKEN.test(name)) throw new TypeError(`no field name: ${JSON.stringify(name)}`)
    if (!VALUE.test(value)) throw new TypeError(`the value of ${name} is not one line of latin1`) // not the value: it may be a secret
  }
  const content = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${content.length}`, // counted after encoding: bytes, not characters
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1'), content])
}
