import type { Advice, BeforeTheAnswer, Explain } from './contract.ts'

/** Words for money that is gone. OpenAI has them in `code`, Anthropic in `details.error_code`. */
const MONEY = /insufficient_quota|spend_limit|usage_limit|credit_balance|billing_error/
/** Words for what may be over in a moment. */
const PASSING = /overloaded|rate_limit|server_error|api_error|timeout_error|service_unavailable/

export const explain: Explain = (failure) => {
  switch (failure.kind) {
    case 'status':
      return beforeTheAnswer(failure)
    case 'event': {
      const { words, message } = readError(failure.data)
      const nothingYet = failure.delivered === '' // else the reader would see the beginning twice
      return { retry: nothingYet && PASSING.test(words) && !MONEY.test(words), say: `the answer broke off: ${message}` }
    }
    case 'cut':
      return {
        retry: failure.delivered === '',
        say: 'the answer broke off: the connection ended before its last event',
      }
  }
}

function beforeTheAnswer({ status, headers, body, key }: BeforeTheAnswer): Advice {
  const { words, message } = readError(body)
  const line = `the server answered ${status}: ${message}`
  const say = key ? line.replaceAll(key, '***') : line // some providers repeat the key in their complaint
  if (!mayPass(status, headers['x-should-retry'], words)) return { retry: false, say }
  const afterMs = delayIn(headers)
  return { retry: true, ...(Number.isFinite(afterMs) && { afterMs }), say }
}

function mayPass(status: number, verdict: string | undefined, words: string): boolean {
  if (status === 402 || MONEY.test(words)) return false // nobody gets more credit by asking again
  if (verdict === 'true' || verdict === 'false') return verdict === 'true'
  return status === 408 || status === 409 || status === 429 || status >= 500 // 529 is nobody's standard, and Anthropic's word for full
}

function delayIn(headers: Readonly<Record<string, string>>): number {
  const { 'retry-after-ms': exact = '', 'retry-after': value = '', date = '' } = headers
  if (exact !== '') return Number(exact)
  if (/^\d+$/.test(value)) return Number(value) * 1000
  return Math.max(0, Date.parse(value) - Date.parse(date)) // both by the server's clock: ours may be wrong
}

/** All words that classify an error, and what it says to people. */
function readError(text: string): { words: string; message: string } {
  try {
    const { error } = JSON.parse(text)
    const words = [error.type, error.code, error.details?.error_code].join(' ')
    return { words, message: error.message ?? error }
  } catch {
    return { words: '', message: 'and nothing that we can read' } // a page of a proxy, or nothing at all
  }
}
