/** What can be wrong with a service, by the names that a fault calls it. */
export type FailureName = (typeof FAILURE_NAMES)[number]

/** The failures that the faults `status` and `error` can be, in the order of the documentation. */
export const FAILURE_NAMES = [
  'overloaded',
  'rate-limit',
  'quota',
  'server',
  'timeout',
  'billing',
  'auth',
  'permission',
] as const

/** How each service puts one failure: its status, and the words its clients go by. */
export interface Failure {
  readonly message: string
  readonly openai: { readonly status: number; readonly type: string; readonly code: string | null }
  readonly anthropic: { readonly status: number; readonly type: string; readonly errorCode?: string }
  /** The status is that of HTTP; its name is one of google.rpc.Code. */
  readonly gemini: { readonly status: number; readonly name: string }
  readonly ollama: { readonly status: number }
}

export const FAILURES: Readonly<Record<FailureName, Failure>> = {
  overloaded: {
    message: 'The model is overloaded. Please try again later.',
    openai: { status: 503, type: 'server_error', code: 'server_overloaded' },
    anthropic: { status: 529, type: 'overloaded_error' },
    gemini: { status: 503, name: 'UNAVAILABLE' },
    ollama: { status: 503 },
  },
  'rate-limit': {
    message: 'Too many requests in too short a time. Please slow down.',
    openai: { status: 429, type: 'requests', code: 'rate_limit_exceeded' },
    anthropic: { status: 429, type: 'rate_limit_error' },
    gemini: { status: 429, name: 'RESOURCE_EXHAUSTED' },
    ollama: { status: 429 },
  },
  quota: {
    message: 'The money for this month is spent. More requests will not change that.',
    openai: { status: 429, type: 'insufficient_quota', code: 'insufficient_quota' },
    anthropic: { status: 429, type: 'rate_limit_error', errorCode: 'enforced_spend_limit_reached' },
    gemini: { status: 429, name: 'RESOURCE_EXHAUSTED' },
    ollama: { status: 402 },
  },
  server: {
    message: 'The server had an error while it was answering.',
    openai: { status: 500, type: 'server_error', code: null },
    anthropic: { status: 500, type: 'api_error' },
    gemini: { status: 500, name: 'INTERNAL' },
    ollama: { status: 500 },
  },
  timeout: {
    message: 'The answer took too long.',
    openai: { status: 504, type: 'timeout', code: null },
    anthropic: { status: 504, type: 'timeout_error' },
    gemini: { status: 504, name: 'DEADLINE_EXCEEDED' },
    ollama: { status: 504 },
  },
  billing: {
    message: 'There is something wrong with how this account pays.',
    openai: { status: 402, type: 'billing_error', code: 'billing_not_active' },
    anthropic: { status: 402, type: 'billing_error' },
    gemini: { status: 403, name: 'PERMISSION_DENIED' },
    ollama: { status: 402 },
  },
  auth: {
    message: 'The API key is not one of ours.',
    openai: { status: 401, type: 'invalid_request_error', code: 'invalid_api_key' },
    anthropic: { status: 401, type: 'authentication_error' },
    gemini: { status: 401, name: 'UNAUTHENTICATED' },
    ollama: { status: 401 },
  },
  permission: {
    message: 'This key may not use this model.',
    openai: { status: 403, type: 'invalid_request_error', code: 'model_not_found' },
    anthropic: { status: 403, type: 'permission_error' },
    gemini: { status: 403, name: 'PERMISSION_DENIED' },
    ollama: { status: 403 },
  },
}
