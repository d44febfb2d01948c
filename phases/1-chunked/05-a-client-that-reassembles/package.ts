import { request } from '@sse-from-scratch/chunked'
import type { GetChunked } from './contract.ts'

export const getChunked: GetChunked = async function* (url) {
  try {
    await using response = await request(url)
    if (!response.fields.has('transfer-encoding')) throw Object.assign(new Error('not chunked'), { code: 'NotChunked' })
    yield* response.body
  } catch (error) {
    const isCut = error instanceof Error && 'code' in error && String(error.code).endsWith('_INCOMPLETE')
    throw isCut ? Object.assign(new Error(error.message, { cause: error }), { code: 'Truncated' }) : error
  }
}
