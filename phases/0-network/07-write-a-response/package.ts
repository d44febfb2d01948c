import { encodeResponseHead, Fields, reasonPhrase } from '@sse-from-scratch/http-raw'
import type { EncodeResponse } from './contract.ts'

export const encodeResponse: EncodeResponse = ({ status, headers = [], body = '' }) => {
  const content = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const fields = new Fields([...headers, ['Content-Length', `${content.length}`]])
  const head = encodeResponseHead({ version: '1.1', status, reason: reasonPhrase(status), fields })
  return Buffer.concat([head, content])
}
