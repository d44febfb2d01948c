import { expect, test } from 'vitest'
import { READ_AHEAD, ReadAhead } from '../src/read-ahead.ts'

test('is full at so many bytes, and has room again when some were read', async () => {
  const ahead = new ReadAhead()
  ahead.push(new Uint8Array(READ_AHEAD - 1))
  expect(ahead.full).toBe(false)
  ahead.push(new Uint8Array(1))
  expect([ahead.full, ahead.size]).toEqual([true, READ_AHEAD])
  await ahead.read()
  expect([ahead.full, ahead.size]).toEqual([false, 1])
})

test('is full at so many pieces too, since a piece of one byte costs a hundred', () => {
  const ahead = new ReadAhead()
  for (let i = 0; i < 1023; i++) ahead.push(new Uint8Array(1))
  expect(ahead.full).toBe(false)
  ahead.push(new Uint8Array(1))
  expect(ahead.full).toBe(true)
})

test('a reader that is woken may read again at once', async () => {
  const ahead = new ReadAhead()
  const reading = ahead.read().then(() => ahead.read())
  ahead.push(Uint8Array.of(1))
  ahead.push(Uint8Array.of(2))
  expect(await reading).toEqual(Uint8Array.of(2))
})
