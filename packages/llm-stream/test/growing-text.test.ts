import { expect, test } from 'vitest'
import { createGrowingText } from '../src/growing-text.ts'

test.each([0, 1, 127, 128, 129, 1000])('a text of %i pieces is all of them in their order', (count) => {
  const pieces = Array.from({ length: count }, (_, n) => `${n} `)
  const growing = createGrowingText('from ')
  for (const piece of pieces) growing.add(piece)
  expect(growing.text).toBe(`from ${pieces.join('')}`)
})

test('a text that has been looked at grows on', () => {
  const growing = createGrowingText()
  let whole = ''
  for (let n = 0; n < 300; n++) {
    growing.add(`${n}`)
    whole += n
    if (n % 7 === 0) expect(growing.text).toBe(whole)
  }
  expect(growing.text).toBe(whole)
})
