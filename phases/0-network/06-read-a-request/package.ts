import { parseRequestHead as parseHead } from '@sse-from-scratch/http-raw'
import type { ParseRequestHead } from './contract.ts'

export const parseRequestHead: ParseRequestHead = (bytes) => {
  const text = Buffer.from(bytes).toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return { done: false }
  const { method, target, version, fields } = inOurWords(() => parseHead(text.slice(0, end + 4)))
  const pairs = [...fields].map(([name, value]) => [name.toLowerCase(), value] as const)
  return { done: true, head: { method, target, version, fields: pairs }, rest: bytes.subarray(end + 4) }
}

/** The package has a code for each fault; the exercise has one. */
function inOurWords<T>(act: () => T): T {
  try {
    return act()
  } catch (cause) {
    throw Object.assign(new Error((cause as Error).message, { cause }), { code: 'BadRequest' })
  }
}
