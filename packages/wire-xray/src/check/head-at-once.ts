import type { Probed } from '../probe/probe.ts'
import { timingsOf } from '../timeline/index.ts'
import { type Checked, failed, said } from './checked.ts'

/** Milliseconds a head may take. */
const AT_ONCE = 500

/** Whether the head did not wait for the first event. */
export function headAtOnce(probed: Probed): Checked {
  const { firstByte = 0, firstEvent } = timingsOf(probed.exchange)
  const held = said(probed, 'HEAD_HELD')
  if (held && firstByte > AT_ONCE) return failed('head', held)
  const text = `the head came after ${firstByte.toFixed(0)} ms${firstEvent === undefined ? '' : `, the first event after ${firstEvent.toFixed(0)}`}`
  return { name: 'head', result: 'pass', text, fix: '' }
}
