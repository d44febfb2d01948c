import type { Probed } from '../probe/probe.ts'
import { eventsOf } from '../timeline/index.ts'
import { type Checked, failed, said } from './checked.ts'
import { isStream } from './is-stream.ts'

/** Whether it is not compressed for who refuses that. */
export function notCompressed({ exchange: { response } }: Probed): Checked {
  const coding = response?.fields.get('content-encoding')
  if (coding === undefined || coding === 'identity') {
    return { name: 'plain', result: 'pass', text: 'not compressed for who refuses that', fix: '' }
  }
  return {
    name: 'plain',
    result: 'fail',
    text: `Content-Encoding: ${coding}, though Accept-Encoding is identity`,
    fix: 'Compress only for who accepts it (RFC 9110 §12.5.3), and event streams not at all.',
  }
}

/** Whether what is compressed for who accepts it is flushed event by event. */
export function flushed(probed: Probed, time: number): Checked {
  const coding = probed.exchange.response?.fields.get('content-encoding')
  if (coding === undefined)
    return { name: 'gzip', result: 'pass', text: 'not compressed for who accepts gzip, either', fix: '' }
  const wrong = said(probed, 'COMPRESSOR_NOT_FLUSHED')
  if (wrong) return failed('gzip', wrong)
  if (isStream(probed).result === 'fail')
    return { name: 'gzip', result: 'skip', text: 'compressed, and no stream', fix: '' }
  const events = eventsOf(probed.exchange).length
  if (events > 0)
    return { name: 'gzip', result: 'pass', text: `compressed, and its ${events} events are flushed`, fix: '' }
  const text = `no event could be read in ${time / 1000} s of compressed content`
  return { name: 'gzip', result: 'fail', text, fix: 'Flush behind each event, or do not compress event streams.' }
}
