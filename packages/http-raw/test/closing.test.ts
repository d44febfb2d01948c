import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { Closing, type ClosingReceiver } from '../src/closing.ts'

function receiver(): ClosingReceiver & { told: number } {
  return {
    told: 0,
    onClosing() {
      this.told++
    },
  }
}

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length

test('a signal has one listener for all who wait, and none when the last has left', () => {
  const { signal } = new AbortController()
  const closing = new Closing(signal)
  const many = [receiver(), receiver(), receiver()]
  expect(listeners(signal)).toBe(0)
  for (const each of many) closing.add(each)
  expect(listeners(signal)).toBe(1)
  for (const each of many.slice(1)) closing.delete(each)
  expect(listeners(signal)).toBe(1)
  for (const each of many) closing.delete(each)
  expect(listeners(signal)).toBe(0)
})

test('all who wait are told once, and who has left is not', () => {
  const controller = new AbortController()
  const closing = new Closing(controller.signal)
  const [one, two, left] = [receiver(), receiver(), receiver()]
  for (const each of [one, two, left]) closing.add(each)
  closing.delete(left)
  expect(closing.isOn).toBe(false)
  controller.abort()
  controller.abort()
  expect([one.told, two.told, left.told, closing.isOn]).toEqual([1, 1, 0, true])
})

test('who leaves when it is told keeps nobody else from being told', () => {
  const controller = new AbortController()
  const closing = new Closing(controller.signal)
  const second = receiver()
  const first: ClosingReceiver = { onClosing: () => closing.delete(first) }
  closing.add(first)
  closing.add(second)
  controller.abort()
  expect(second.told).toBe(1)
})

test('who comes when it has begun can see so, also where nobody was waiting when it did', () => {
  const controller = new AbortController()
  const closing = new Closing(controller.signal)
  controller.abort()
  closing.add(receiver())
  expect([closing.isOn, new Closing(controller.signal).isOn]).toEqual([true, true])
})

test('a server that nobody can close never closes', () => {
  const closing = new Closing(undefined)
  const waiting = receiver()
  closing.add(waiting)
  closing.delete(waiting)
  expect([closing.isOn, waiting.told]).toEqual([false, 0])
})
