/** Nobody gets more credit by asking again. */
export const quota: ReadonlySet<string> = new Set([
  'insufficient_quota',
  'credit_balance_exhausted',
  'organization_spend_limit_exceeded',
  'project_spend_limit_exceeded',
  'organization_usage_limit_exceeded',
  'enforced_spend_limit_reached',
  'contract_spend_limit_reached',
  'billing_error',
  'billing_hard_limit_reached',
  'exceeded_current_quota_error', // Moonshot
  'insufficient_balance',
  'insufficient_credits',
  '402',
])
export const rateLimited: ReadonlySet<string> = new Set([
  'rate_limit_error',
  'rate_limit_exceeded',
  'ramp_limit_exceeded',
  'slow_down',
  'tokens',
  'requests',
  'RESOURCE_EXHAUSTED', // Gemini
  '429',
])
export const overloaded: ReadonlySet<string> = new Set([
  'overloaded_error',
  'overloaded',
  'server_overloaded',
  'engine_overloaded',
  'engine_overloaded_error',
  'service_unavailable',
  'insufficient_system_resource',
  'UNAVAILABLE', // Gemini
  '503',
  '529',
])
/** Failures of the provider's own that may be gone the next time. */
export const passing: ReadonlySet<string> = new Set([
  'api_error',
  'server_error',
  'timeout_error',
  'internal_error',
  'internal_server_error',
  'INTERNAL', // Gemini
  'DEADLINE_EXCEEDED',
  '408',
  '500',
  '502',
  '504',
])
