import type { Probed } from '../probe/probe.ts'
import { eventsOf, timingsOf } from '../timeline/index.ts'
import { type Checked, failed, said } from './checked.ts'

/** Whether events came when there were some. */
export function oneByOne(probed: Probed, time: number): Checked {
  const wrong = said(
    probed,
    'BURST_AFTER_SILENCE',
    'COMPRESSOR_NOT_FLUSHED',
    'SIZE_QUANTUM',
    'TIME_QUANTUM_200MS',
    'SPLIT_EVENT_40MS',
  )
  if (wrong && wrong.severity !== 'info') return failed('spacing', wrong)
  const events = eventsOf(probed.exchange).length
  if (events === 0 && probed.left) {
    const text = `no event came in ${time / 1000} s: a hop holds them, or there are none`
    return { name: 'spacing', result: 'fail', text, fix: 'Ask the server without the hop, or for longer.' }
  }
  const { gaps } = timingsOf(probed.exchange)
  if (events < 2 || !gaps)
    return { name: 'spacing', result: 'skip', text: `${events} events say nothing about it`, fix: '' }
  return {
    name: 'spacing',
    result: 'pass',
    text: `${events} events, half of them within ${gaps.p50.toFixed(0)} ms of the one before`,
    fix: '',
  }
}
