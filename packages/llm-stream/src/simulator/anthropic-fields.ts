import type { Allowance } from './rate-limit.ts'
import { type Exchange, MODEL, MODEL_CREATED } from './wire-format.ts'

/** The fields of every answer of Anthropic's. */
export function fields({ requestId, requests, tokens }: Exchange): Readonly<Record<string, string>> {
  return {
    'request-id': requestId,
    'anthropic-organization-id': '00000000-0000-4000-8000-000000000000',
    ...rateLimit('requests', requests),
    ...rateLimit('tokens', tokens),
  }
}

/** Its list of models. */
export function models(): object {
  return {
    data: [
      {
        type: 'model',
        id: MODEL,
        display_name: 'Simulator',
        created_at: rfc3339(MODEL_CREATED * 1000),
        lifecycle: 'active',
        capabilities: null,
        deprecated_at: null,
        line: null,
        max_input_tokens: null,
        max_tokens: null,
        retires_at: null,
      },
    ],
    has_more: false,
    first_id: MODEL,
    last_id: MODEL,
  }
}

function rateLimit(what: string, { limit, remaining, reset }: Allowance): Readonly<Record<string, string>> {
  return {
    [`anthropic-ratelimit-${what}-limit`]: `${limit}`,
    [`anthropic-ratelimit-${what}-remaining`]: `${remaining}`,
    [`anthropic-ratelimit-${what}-reset`]: rfc3339(reset),
  }
}

/** Whole seconds, in UTC (RFC 3339 §5.6). */
function rfc3339(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z')
}
