import { LlmError, type LlmErrorCode } from './errors.ts'
import { objectOf, textOf } from './json.ts'
import type { Provider } from './provider.ts'

/** The error for a request that got no response at all: what happened, and what to check. */
export function connectError({ baseUrlName }: Provider, url: URL, cause: unknown): LlmError {
  const code = codeOf(cause)
  const where = baseUrlName === undefined ? url.origin : `${url.origin} (${baseUrlName})`
  const because = (errorCode: LlmErrorCode, message: string, retryable?: boolean) =>
    new LlmError(errorCode, message, { cause, retryable })
  if (code === 'SSE_BAD_REQUEST' || code === 'SSE_BAD_URL') {
    return because('LLM_PROTOCOL', `${where} cannot be asked: ${textOf(objectOf(cause)['message'])}`)
  }
  if (code === 'HTTP_POOL_FULL') return because('LLM_CONNECT', `no connection to ${where} is free: the pool is full`)
  if (isTimeout(code, cause)) return because('LLM_TIMEOUT', `no response from ${where} in the time of the transport`)
  if (isProtocol(code)) {
    return because('LLM_PROTOCOL', `${where} did not answer in HTTP (${code}): check the base URL, its scheme and port`)
  }
  const distrust = distrustIn(cause)
  if (distrust)
    return because(
      'LLM_CONNECT',
      `${where} has a certificate this machine does not trust (${distrust}): ${TRUST}`,
      false,
    )
  return because('LLM_CONNECT', `cannot reach ${where}: ${adviceFor(code, url)}`)
}

const TRUST = 'check the base URL; to trust it, give it as `tls.ca`, or set NODE_EXTRA_CA_CERTS'

/** What Node calls a certificate that was not believed, wherever in the chain of causes: it will not be the next time. */
function distrustIn(error: unknown, depth = 4): string | undefined {
  const { code, cause } = objectOf(error)
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(textOf(code))) return textOf(code)
  return depth === 0 || cause === undefined ? undefined : distrustIn(cause, depth - 1)
}

/** The error for a response that broke off, or turned into nonsense, on one of the floors below. */
export function bodyError(cause: unknown): LlmError {
  const code = codeOf(cause)
  if (isTimeout(code, cause)) return new LlmError('LLM_TIMEOUT', 'not a byte in the time of the transport', { cause })
  if (isProtocol(code)) return new LlmError('LLM_PROTOCOL', `the response body is broken (${code})`, { cause })
  const how = code === '' ? '' : ` (${code})`
  return new LlmError('LLM_TRUNCATED', `the connection broke in the middle of the answer${how}`, { cause })
}

/** The code of the error, or of the one it was caused by: fetch says `TypeError: fetch failed` and hides why. */
function codeOf(error: unknown): string {
  const { code, cause } = objectOf(error)
  return textOf(code) || textOf(objectOf(cause)['code'])
}

/** A transport of the caller's has clocks of its own: ours, fetch's in Node, or an `AbortSignal.timeout`. */
function isTimeout(code: string, cause: unknown): boolean {
  return (
    ['HTTP_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'].includes(code) ||
    nameOf(cause) === 'TimeoutError'
  )
}

function nameOf(error: unknown): string {
  return textOf((error as Error | undefined)?.name)
}

/** What the floors below call a broken message. A cut one is not among them. */
function isProtocol(code: string): boolean {
  return /^(?:HTTP|CHUNKED|SSE)_/.test(code) && !code.endsWith('_INCOMPLETE')
}

function adviceFor(code: string, url: URL): string {
  switch (code) {
    case 'TCP_REFUSED':
    case 'ECONNREFUSED':
      return 'nothing listens there. Is the server running, and is the base URL right?'
    case 'TCP_UNREACHABLE':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `no way to ${url.hostname}. Check the base URL and the network.`
    case 'TCP_TIMEOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return 'no answer. Check the base URL, the network and firewalls.'
    case 'TCP_RESET':
    case 'TCP_CLOSED':
    case 'ECONNRESET':
    case 'HTTP_INCOMPLETE':
    case 'UND_ERR_SOCKET':
      return 'it closed the connection without an answer. Check the scheme and the port of the base URL.'
    default:
      return url.protocol === 'https:'
        ? 'no connection. Check the base URL, and whether the server speaks TLS with a certificate this machine trusts.'
        : 'no connection. Check the base URL.'
  }
}
