import type { Probed } from '../probe/probe.ts'
import { type Checked, failed, said } from './checked.ts'

/** Whether it is an answer that can be a stream, and says so. */
export function isStream(probed: Probed): Checked {
  const { response } = probed.exchange
  const wrong = said(probed, 'NO_ANSWER', 'BAD_HTTP', 'WRONG_CONTENT_TYPE')
  if (wrong) return failed('stream', wrong)
  const type = response?.fields.get('content-type') ?? ''
  if (!response)
    return {
      name: 'stream',
      result: 'fail',
      text: 'no answer in time',
      fix: 'Give it more time, or look at the server.',
    }
  if (response.status !== 200) {
    return {
      name: 'stream',
      result: 'fail',
      text: `the status is ${response.status}`,
      fix: 'Only a 200 can be a stream: does it want other fields, a body, another method?',
    }
  }
  const isOne = /^(?:text\/event-stream|application\/(?:x-)?(?:ndjson|jsonl))/i.test(type)
  return isOne
    ? { name: 'stream', result: 'pass', text: `200 ${type}`, fix: '' }
    : {
        name: 'stream',
        result: 'fail',
        text: `the content type is ${type === '' ? 'missing' : type}`,
        fix: 'Content-Type: text/event-stream',
      }
}
