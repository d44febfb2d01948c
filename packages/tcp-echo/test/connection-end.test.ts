import { expect, test } from 'vitest'
import { ConnectionEnd } from '../src/connection-end.ts'

test('a signal that is asked for after the end has aborted, with the reason of the end', () => {
  const end = new ConnectionEnd()
  const reason = new Error('over')
  end.reach(reason)
  expect([end.signal.aborted, end.signal.reason]).toEqual([true, reason])
})

test('a signal that is asked for before the end is the same afterwards, and aborts with it', () => {
  const end = new ConnectionEnd()
  const { signal } = end
  expect(signal.aborted).toBe(false)
  const reason = new Error('over')
  end.reach(reason)
  expect([end.signal === signal, signal.aborted, signal.reason]).toEqual([true, true, reason])
})

test('the first end is the one that stays', () => {
  const end = new ConnectionEnd()
  const [first, second] = [new Error('first'), new Error('second')]
  end.reach(first)
  end.reach(second)
  const told: unknown[] = []
  end.watch({ onOver: (reason) => void told.push(reason) })
  expect([...told, end.signal.reason]).toEqual([first, first])
})

test('who watches is told in the order in which it came, and may watch and look away while it is told', () => {
  const end = new ConnectionEnd()
  const told: string[] = []
  const late = { onOver: () => void told.push('late') }
  const first = {
    onOver() {
      told.push('first')
      end.unwatch(first)
      end.watch(late)
    },
  }
  end.watch(first)
  end.watch({ onOver: () => void told.push('second') })
  end.reach(undefined)
  expect(told).toEqual(['first', 'late', 'second'])
})
