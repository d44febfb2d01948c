import type { ResponseHead } from '@sse-from-scratch/http-raw'
import type { BodyFraming } from './contract.ts'

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

/** Content-Length = 1*DIGIT (RFC 9110 §8.6): Number() would take `1e3`, ` 5`, `0x10` and nothing at all. */
function contentLength({ fields }: ResponseHead): number {
  const [value = '', ...more] = fields.all('content-length')
  if (more.length > 0) throw badFraming('Content-Length more than once')
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(Number(value))) throw badFraming('Content-Length is not a number')
  return Number(value)
}

function badFraming(message: string): Error {
  return Object.assign(new Error(message), { code: 'BadFraming' })
}
