import type { RecordedRead } from '@sse-from-scratch/llm-stream/recording'
import { expect, test } from 'vitest'
import { createSwitchedRecorder } from '../../src/recording/switched-recorder.ts'
import { bytes } from './entries.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd'

function switched() {
  const recorder = createSwitchedRecorder()
  const recorded: string[] = []
  let at = 0
  const take = (kind: 'open' | 'up' | 'down' | 'fin', what = '', connection = 1): void => {
    const where = { at: at++, connection }
    if (kind === 'open') recorder.take({ kind, ...where, address: '127.0.0.1:80' })
    else if (kind === 'fin') recorder.take({ kind, ...where, direction: 'down' })
    else recorder.take({ kind: 'bytes', ...where, direction: kind, bytes: bytes(what) })
  }
  const name = (entry: RecordedRead) => ('direction' in entry ? `${entry.kind} ${entry.direction}` : entry.kind)
  return {
    take,
    recorded,
    start: () => recorder.start((entry) => recorded.push(`${entry.at} ${name(entry)} of ${entry.connection}`)),
    stop: recorder.stop,
  }
}

test('a connection that begins is recorded from its beginning', () => {
  const { take, recorded, start } = switched()
  start()
  take('open')
  take('up', GET)
  expect(recorded).toEqual(['0 open of 1', '1 bytes up of 1'])
})

test('a connection that is open is recorded from the next request on that finds nothing under way', () => {
  const { take, recorded, start } = switched()
  take('open')
  take('up', GET)
  take('down', ANSWER.slice(0, 9))
  start()
  take('down', ANSWER.slice(9))
  expect(recorded).toEqual([])
  take('up', GET.slice(0, 5))
  take('up', GET.slice(5))
  take('down', ANSWER)
  take('fin')
  expect(recorded).toEqual([
    '4 open of 1',
    '4 bytes up of 1',
    '5 bytes up of 1',
    '6 bytes down of 1',
    '7 fin down of 1',
  ])
})

test('a connection in the middle of a request waits for the next one', () => {
  const { take, recorded, start } = switched()
  take('open')
  take('up', GET.slice(0, 5))
  start()
  take('up', GET.slice(5))
  take('down', ANSWER)
  expect(recorded).toEqual([])
})

test('nothing is recorded behind the end, and a second recording begins like the first', () => {
  const { take, recorded, start, stop } = switched()
  start()
  take('open')
  take('up', GET)
  stop()
  take('down', ANSWER)
  start()
  take('up', GET)
  expect(recorded).toEqual(['0 open of 1', '1 bytes up of 1', '3 open of 1', '3 bytes up of 1'])
})
