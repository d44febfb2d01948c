import { asBytes } from '@sse-from-scratch/course'
import { explain } from '@sse-from-scratch/wire-xray'
import { safeDelta } from '#ex/07-malformed-events'

// An answer, and ten ways in which one of its events may be broken.
const columns = Number(process.env['COLUMNS']) || 80
const EVENTS: readonly [string, string][] = [
  ['good', '{"choices":[{"delta":{"content":"Hi"}}]}'],
  ['text and stop', '{"choices":[{"delta":{"content":"!"},"finish_reason":"stop"}]}'],
  ['no choices', '{"usage":{"prompt_tokens":9,"completion_tokens":4}}'],
  ['content is null', '{"choices":[{"delta":{"content":null}}]}'],
  ['content is 5', '{"choices":[{"delta":{"content":5}}]}'],
  ['null', 'null'],
  ['a page', '<html><body>502 Bad Gateway</body></html>'],
  ['cut', '{"choices":[{"delta":{"content":"Do not del'],
  ['two in one', '{"choices":[]}{"choices":[]}'],
  ['the end', '[DONE]'],
]
console.log('Two events of a stream, the second one cut by a bug, not by the network:\n')
console.log(explain(asBytes(`data: ${EVENTS[0]?.[1]}\n\ndata: ${EVENTS[7]?.[1]}\n\n`), { as: 'event-stream', columns }))
console.log('\nAs an event stream both are well made. What you make of these, and of others:\n')
for (const [name, data] of EVENTS) {
  try {
    console.log(`${name.padEnd(17)}${JSON.stringify(safeDelta({ type: 'message', data }))}`)
  } catch (error) {
    console.log(`${name.padEnd(17)}threw ${error instanceof Error ? error.message : error}`)
  }
}
