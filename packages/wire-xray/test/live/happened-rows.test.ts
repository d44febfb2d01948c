import { expect, test } from 'vitest'
import { happenedRows } from '../../src/live/happened-rows.ts'

test('an address in a recording says nothing to the terminal', () => {
  const [row] = happenedRows({ kind: 'open', connection: 1, at: 0, address: '10.0.0.5:443\u001b[2J' })
  expect(row?.what).toBe('connected to 10.0.0.5:443␛[2J')
})
