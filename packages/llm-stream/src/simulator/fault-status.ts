import type { FaultSpec, RetryAfter } from './fault-spec.ts'
import { failed, Refusal } from './refusal.ts'
import type { WireFormat } from './wire-format.ts'

/** What captive portals answer to everything. */
export const PAGE: string = '<!doctype html>\n<title>Welcome</title>\n<p>Please sign in to use this network.\n'

/** The error that a request gets for an answer, if its faults want it so. */
export function faultRefusal(spec: FaultSpec, format: WireFormat, now: number): Refusal | undefined {
  const { status, retryAfter, shouldRetry } = spec
  if (status === undefined) return undefined
  const fields = {
    ...(retryAfter && retryFields(retryAfter, now)),
    ...(shouldRetry !== undefined && { 'x-should-retry': String(shouldRetry) }),
  }
  const details = { fields, spec }
  if (typeof status === 'string') return failed(status, format, details)
  return new Refusal(status, `The simulator was asked for a ${status}.`, details)
}

/** A date is rounded up: earlier than asked for would be wrong. */
function retryFields({ form, milliseconds }: RetryAfter, now: number): Readonly<Record<string, string>> {
  if (form === 'milliseconds') return { 'retry-after-ms': `${milliseconds}` }
  if (form === 'seconds') return { 'Retry-After': `${milliseconds / 1000}` }
  return { 'Retry-After': new Date(Math.ceil((now + milliseconds) / 1000) * 1000).toUTCString() }
}
