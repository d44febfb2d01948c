import fc from 'fast-check'
import { expect, test } from 'vitest'

test('a property tries the same inputs in every run, unless SEED says otherwise', () => {
  expect(fc.readConfigureGlobal().seed).toBe(Number(process.env['SEED'] ?? 20_261_120))
  expect(fc.sample(fc.nat(), 5)).toEqual(fc.sample(fc.nat(), 5))
})
