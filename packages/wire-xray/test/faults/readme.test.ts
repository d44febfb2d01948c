import { readFileSync } from 'node:fs'
import { FAULT_WORDS, IMITATIONS } from '@sse-from-scratch/wire-xray/faults'
import { expect, test } from 'vitest'

test('The README has every fault and every imitation, as the code says it', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const words = FAULT_WORDS.map(({ usage, meaning }) => `| \`${usage}\` | ${meaning} |`)
  const imitations = IMITATIONS.map(({ name, meaning, faults }) => `| \`${name}\` | ${meaning} | \`${faults}\` |`)
  expect(readme).toContain(`|---|---|\n${words.join('\n')}\n\n`)
  expect(readme).toContain(`|---|---|---|\n${imitations.join('\n')}\n\n`)
})
