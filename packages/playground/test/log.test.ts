import { expect, test } from 'vitest'
import { createEventLog, LISTENER_BACKLOG, LOG_SIZE } from '../src/log.ts'
import { listener } from './listener.ts'

const ids = (text: string) => [...text.matchAll(/id: (\S+)/g)].map(([, id]) => id)

test('who comes late hears everything, who comes back hears the rest, each event once', () => {
  const log = createEventLog('a')
  log.append('x', 1)
  log.append('x', 2)
  const [late, back] = [listener(), listener()]
  void log.attach(late.session)
  void log.attach(back.session, 'a.1')
  log.append('x', 3)
  expect(ids(late.text())).toEqual(['a.1', 'a.2', 'a.3'])
  expect(ids(back.text())).toEqual(['a.2', 'a.3'])
})

test('an id of another log is not an id of this one', () => {
  const log = createEventLog('a')
  log.append('x', 1)
  const other = listener()
  void log.attach(other.session, 'b.1')
  expect(ids(other.text())).toEqual(['a.1'])
})

test('attach resolves when the log is finished, and at once when it was before', async () => {
  const log = createEventLog('a')
  const before = log.attach(listener().session)
  log.finish()
  await before
  await log.attach(listener().session)
})

test('attach resolves when the listener leaves; the last one to leave is noticed', async () => {
  let deserted = 0
  const log = createEventLog('a', () => deserted++)
  const [one, two] = [listener(), listener()]
  const attached = [log.attach(one.session), log.attach(two.session)]
  one.leave()
  expect(deserted).toBe(0)
  two.leave()
  await Promise.all(attached)
  expect(deserted).toBe(1)
})

test('a listener that was gone before it came counts as one that left', async () => {
  let deserted = 0
  const log = createEventLog('a', () => deserted++)
  const gone = listener()
  gone.leave()
  await log.attach(gone.session)
  expect(deserted).toBe(1)
})

test('a finished log is not deserted', async () => {
  let deserted = 0
  const log = createEventLog('a', () => deserted++)
  const one = listener()
  const attached = log.attach(one.session)
  log.finish()
  await attached
  one.leave()
  expect(deserted).toBe(0)
})

test('what does not fit in the log is passed on and not kept', () => {
  const log = createEventLog('a')
  const live = listener()
  void log.attach(live.session)
  log.append('x', 'y'.repeat(LOG_SIZE))
  expect(ids(live.text())).toEqual(['a.1'])
  const late = listener()
  void log.attach(late.session)
  expect(ids(late.text())).toEqual([])
})

test('a listener that does not read is hung up on', async () => {
  const log = createEventLog('a')
  const stuck = listener(LISTENER_BACKLOG + 1)
  const attached = log.attach(stuck.session)
  log.append('x', 1)
  await attached
  expect(stuck.session.signal.aborted).toBe(true)
})
