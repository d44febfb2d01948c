import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { withTranscripts } from '../scripts/causes.ts'

test('the page about streams that arrive all at once says what its commands say today (causes.ts --write)', async () => {
  const page = await readFile(new URL('../../../docs/arrives-all-at-once.md', import.meta.url), 'utf8')
  expect(page.match(/```text\n[✗!]/g)?.length).toBeGreaterThan(6)
  expect(page).toBe(await withTranscripts(page))
})
