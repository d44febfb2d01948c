import { expect, test } from 'vitest'
import { count, LONGEST_TIMER, milliseconds, nameOf, shown } from '../src/limits.ts'

test('a time longer than a timer can hold is the longest that one can', () => {
  expect([0, 5, LONGEST_TIMER, 2 ** 31, Number.POSITIVE_INFINITY].map((time) => milliseconds('t', time))).toEqual([
    0,
    5,
    LONGEST_TIMER,
    LONGEST_TIMER,
    LONGEST_TIMER,
  ])
})

test.each([-1, Number.NaN, '5', null, undefined])('%j is not a time', (value) => {
  expect(() => milliseconds('t', value as number)).toThrow(RangeError)
})

test('a count is a whole number or Infinity, from the lowest on', () => {
  expect([count('n', 0), count('n', 1, 1), count('n', Number.POSITIVE_INFINITY, 1)]).toEqual([0, 1, Infinity])
  for (const value of [-1, 0.5, Number.NaN]) expect(() => count('n', value)).toThrow(RangeError)
  expect(() => count('n', 0, 1)).toThrow('n must be a whole number, 1 or more, not 0')
})

test('a message says what a value is, and never what is in it unless it is text or a number', () => {
  expect(['5', 5, Number.NaN, null, undefined, true, { key: 'secret' }, [1], Object.create(null)].map(shown)).toEqual([
    '"5"',
    '5',
    'NaN',
    'null',
    'undefined',
    'a boolean',
    'an Object',
    'an Array',
    'an Object',
  ])
  expect(nameOf(new Uint8Array(1))).toBe('a Uint8Array')
})
