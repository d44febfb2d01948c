import { STATUS_CODES } from 'node:http'
import type { EncodeResponse } from '../contract.ts'

const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/

export const encodeResponse: EncodeResponse = ({ status, headers = [], body = '' }) => {
  if (!(Number.isInteger(status) && status >= 100 && status <= 999)) throw new RangeError(`no status: ${status}`)
  for (const [name] of headers) {
    if (!TOKEN.test(name)) throw new TypeError(`no field name: ${JSON.stringify(name)}`)
  }
  const content = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${content.length}`, // counted after encoding: bytes, not characters
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), content])
}
