import type { Probed } from '../probe/probe.ts'
import { type Checked, failed, said } from './checked.ts'

/** Whether no cache keeps it for others. */
export function notKept(probed: Probed): Checked {
  const kept = said(probed, 'CACHED_STREAM')
  if (kept) return failed('cache', kept)
  const control = probed.exchange.response?.fields.get('cache-control') ?? ''
  const isSafe = /no-store|no-cache|private/i.test(control) || probed.exchange.request.method !== 'GET'
  if (isSafe)
    return { name: 'cache', result: 'pass', text: control === '' ? 'not kept' : `Cache-Control: ${control}`, fix: '' }
  return {
    name: 'cache',
    result: 'fail',
    text: 'nothing forbids caches to keep it for others',
    fix: 'Cache-Control: no-store',
  }
}
