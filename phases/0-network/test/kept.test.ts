import { expect, test } from 'vitest'
import { whatWasKept } from '../demos/kept.ts'

const sent = ['<1>', '<2>', '<3>']

test.each([
  ['everything, as it was sent', ['<1>', '<2>', '<3>'], { edges: true, order: true, arrived: 3 }],
  ['two swapped', ['<2>', '<1>', '<3>'], { edges: true, order: false, arrived: 3 }],
  ['one missing', ['<1>', '<3>'], { edges: true, order: true, arrived: 2 }],
  ['one twice', ['<1>', '<2>', '<2>', '<3>'], { edges: true, order: false, arrived: 3 }],
  ['all in one read', ['<1><2><3>'], { edges: false, order: true, arrived: 3 }],
  ['cut inside', ['<1', '><2>', '<3>'], { edges: false, order: true, arrived: 3 }],
  ['nothing', [], { edges: true, order: true, arrived: 0 }],
  ['something nobody sent', ['<1>', '<9>'], { edges: false, order: true, arrived: 1 }],
])('%s', (_, reads, kept) => {
  expect(whatWasKept(sent, reads, /<\d+>/g)).toEqual(kept)
})
