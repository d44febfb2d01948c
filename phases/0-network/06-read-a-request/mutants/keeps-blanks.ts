import type { ParseRequestHead, RequestHead } from '../contract.ts'

const END = '\r\n\r\n'
const REQUEST_LINE = /^([!#$%&'*+.^_`|~\w-]+) ([\x21-\x7e]+) HTTP\/(1\.[01])$/
/** No blank before the colon: others would see another name, or none (RFC 9112 §5.1). No control characters in the value. */
const FIELD_LINE = /^([!#$%&'*+.^_`|~\w-]+): ?([\t\x20-\x7e\x80-\xff]*)$/

export const parseRequestHead: ParseRequestHead = (bytes) => {
  const text = Buffer.from(bytes).toString('latin1')
  const end = text.indexOf(END)
  if (end === -1) return { done: false }
  const [requestLine = '', ...fieldLines] = text.slice(0, end).split('\r\n')
  const [, method, target, version] = REQUEST_LINE.exec(requestLine) ?? []
  if (!method || !target || !version) throw badRequest('no request line')
  const fields = fieldLines.map(parseField)
  const hosts = fields.filter(([name]) => name === 'host').length
  if (hosts > 1 || (hosts === 0 && version === '1.1')) throw badRequest(`${hosts} Host fields`)
  const head: RequestHead = { method, target, version: version as RequestHead['version'], fields }
  return { done: true, head, rest: bytes.subarray(end + END.length) }
}

function parseField(line: string): [string, string] {
  const [, name, value] = FIELD_LINE.exec(line) ?? []
  if (name === undefined || value === undefined) throw badRequest('no field line')
  return [name.toLowerCase(), value]
}

function badRequest(message: string): Error {
  return Object.assign(new Error(message), { code: 'BadRequest' })
}
