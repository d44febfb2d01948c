import type { Probed } from '../probe/probe.ts'
import { type Checked, failed, said } from './checked.ts'

/** Milliseconds of silence that nearly every hop allows. */
const SAFE = 30_000

/** Whether heartbeats keep the silences short. */
export function heartbeats({ exchange }: Probed): Checked {
  const reads = exchange.items.filter((item) => item.kind === 'read' && item.direction === 'down').map(({ at }) => at)
  const closed = exchange.items.findLast(
    (item) => item.kind === 'fin' || item.kind === 'reset' || item.kind === 'error',
  )
  const end = (exchange.end.kind === 'complete' ? exchange.end.at : closed?.at) ?? reads.at(-1) ?? exchange.askedAt
  const silence = Math.max(0, ...[...reads, end].map((at, n) => at - (reads[n - 1] ?? exchange.askedAt)))
  const beats = exchange.counts.comment ?? 0
  const text = `the longest silence was ${(silence / 1000).toFixed(1)} s${beats > 0 ? `, with ${beats} comments for heartbeats` : ''}`
  if (silence > SAFE)
    return {
      name: 'heartbeat',
      result: 'fail',
      text,
      fix: 'Send a comment (": ping") every 15 s while there is nothing else.',
    }
  const wasSilent = beats > 0 || silence > 5000
  return { name: 'heartbeat', result: wasSilent ? 'pass' : 'skip', text, fix: '' }
}

/** Whether nobody cut it while it was silent. */
export function survives(probed: Probed, idle: number): Checked {
  const cut = said(probed, 'IDLE_CUT')
  if (cut) return failed('idle', cut)
  const text = probed.left ? `nobody cut it for ${idle / 1000} s` : 'it was over before'
  return { name: 'idle', result: probed.left ? 'pass' : 'skip', text, fix: '' }
}
