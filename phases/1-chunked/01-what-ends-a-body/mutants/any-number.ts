import type { ResponseHead } from '@sse-from-scratch/http-raw'
import type { BodyFraming } from '../contract.ts'

export const bodyFraming: BodyFraming = (head, method) => {
  const { status, fields } = head
  // The order is that of RFC 9112 §6.3, and it is half of the answer.
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return { kind: 'none' } // rule 1
  if (method === 'CONNECT' && status < 300) return { kind: 'none' } // rule 2: what follows is a tunnel
  if (fields.has('transfer-encoding')) {
    // Rule 3 allows to prefer Transfer-Encoding. Nobody honest sends both, and two readers may choose differently.
    if (fields.has('content-length')) throw badFraming('both Transfer-Encoding and Content-Length')
    if (fields.list('transfer-encoding').join() !== 'chunked') throw badFraming('not just chunked')
    return { kind: 'chunked' }
  }
  if (fields.has('content-length')) return { kind: 'length', bytes: contentLength(head) } // rules 5 and 6
  return { kind: 'until-close' } // rule 8
}

function contentLength({ fields }: ResponseHead): number {
  const [value = '', ...more] = fields.all('content-length')
  if (more.length > 0) throw badFraming('Content-Length more than once')
  if (Number.isNaN(Number.parseInt(value, 10))) throw badFraming('Content-Length is not a number')
  return Number.parseInt(value, 10)
}

function badFraming(message: string): Error {
  return Object.assign(new Error(message), { code: 'BadFraming' })
}
