import { expect, test } from 'vitest'
import { createOnce } from '../src/once.ts'

test('what is there once stays, for who looks and for who waits', async () => {
  const once = createOnce<string>()
  expect(once.value).toBeUndefined()
  once.set('first')
  once.set('second')
  expect([once.value, await once.promise]).toEqual(['first', 'first'])
})
