import type { Responder } from './respond.ts'

/** What a handler that has returned still owes: half an answer must not look like a whole one. */
export function unanswered({ state, request }: Responder): TypeError | undefined {
  if (state === 'waiting') return new TypeError('the handler returned without responding')
  if (state === 'answering' && request?.method !== 'HEAD') {
    return new TypeError(
      "the handler returned before the end of its response body: end() it, or give respond one, '' say",
    )
  }
  return undefined
}
