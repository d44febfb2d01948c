import { createHistory, encodeEvent } from '@sse-from-scratch/sse-server'
import { expect, test } from 'vitest'

function historyOf(capacity: number, ...ids: (string | undefined)[]) {
  const history = createHistory(capacity)
  for (const id of ids) history.append(encodeEvent({ data: `of ${id}`, ...(id !== undefined && { id }) }))
  return history
}
const idsAfter = (history: ReturnType<typeof createHistory>, id: string) => history.after(id)?.map((event) => event.id)

test('what comes after an id comes oldest first', () => {
  expect(idsAfter(historyOf(5, '1', '2', '3', '4'), '2')).toEqual(['3', '4'])
})

test('after the newest there is nothing, which is not a gap', () => {
  expect(idsAfter(historyOf(5, '1', '2'), '2')).toEqual([])
})

test('an id that was never ours is a gap', () => {
  expect(idsAfter(historyOf(5, '1'), '2')).toBeUndefined()
  expect(idsAfter(historyOf(5), '1')).toBeUndefined()
})

test('one past its capacity the oldest is a gap, and the next one is not', () => {
  expect(idsAfter(historyOf(3, '1', '2', '3', '4'), '1')).toBeUndefined()
  expect(idsAfter(historyOf(3, '1', '2', '3', '4'), '2')).toEqual(['3', '4'])
})

test('every id it holds is answered right at every fill of the ring', () => {
  const capacity = 4
  const history = createHistory(capacity)
  for (let newest = 0; newest < 3 * capacity; newest++) {
    history.append(encodeEvent({ id: `${newest}` }))
    for (let id = 0; id <= newest; id++) {
      const later = Array.from({ length: newest - id }, (_, i) => `${id + 1 + i}`)
      expect(idsAfter(history, `${id}`)).toEqual(newest - id < capacity ? later : undefined)
    }
  }
})

test('an id used twice means its later event, also when the earlier is forgotten', () => {
  expect(idsAfter(historyOf(3, 'a', 'b', 'a', 'c'), 'a')).toEqual(['c'])
  expect(idsAfter(historyOf(2, 'a', 'a', 'b'), 'a')).toEqual(['b'])
})

test('an answer has 64 events at most, and asking on after its last one leaves out none', () => {
  const ids = Array.from({ length: 200 }, (_, i) => `${i}`)
  const history = historyOf(200, ...ids)
  const told = ['0']
  const sizes: number[] = []
  for (let part = idsAfter(history, '0'); part?.length; part = idsAfter(history, told.at(-1) ?? '')) {
    sizes.push(part.length)
    told.push(...part.map((id = '') => id))
  }
  expect(sizes).toEqual([64, 64, 64, 7])
  expect(told).toEqual(ids)
})

test('an answer never ends at an id that is used again later: asking on would leave out what is in between', () => {
  const ids = Array.from({ length: 100 }, (_, i) => (i === 64 || i === 99 ? 'twice' : `${i}`))
  expect(idsAfter(historyOf(100, ...ids), '0')).toEqual(ids.slice(1, 66))
  const same = Array.from({ length: 99 }, () => 'same')
  expect(idsAfter(historyOf(100, 'first', ...same), 'first')).toEqual(same)
})

test('events without an id, or with an empty one, are not kept: no client can ask for them', () => {
  expect(idsAfter(historyOf(2, '1', undefined, '', undefined, '2'), '1')).toEqual(['2'])
})

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('a capacity of %d is refused', (capacity) => {
  expect(() => createHistory(capacity)).toThrow(RangeError)
})
