import { expect, test } from 'vitest'
import { stateDiagrams } from '../scripts/docs/state-diagrams.ts'

test('the state diagrams of the READMEs show what the decoders do', () => {
  const old = stateDiagrams().filter(({ upToDate }) => !upToDate)
  expect(
    old.map(({ readme }) => readme),
    'npm run docs:states draws them',
  ).toEqual([])
})
