import type { Probed } from '../probe/probe.ts'
import { type Checked, failed, said } from './checked.ts'

/** Whether it came to its end. */
export function endsWell(probed: Probed): Checked {
  const wrong = said(
    probed,
    'NO_TERMINATOR',
    'RESET_MID_BODY',
    'BAD_CHUNK',
    'IDLE_CUT',
    'APP_END_MISSING',
    'EVENT_LOST_AT_END',
    'ERROR_INSIDE_200',
  )
  if (wrong && wrong.severity !== 'info') return failed('end', wrong)
  if (probed.left) return { name: 'end', result: 'skip', text: 'it goes on: no end was seen', fix: '' }
  const { done } = probed.exchange.counts
  return { name: 'end', result: 'pass', text: done ? 'it ended whole, with its end mark' : 'it ended whole', fix: '' }
}
