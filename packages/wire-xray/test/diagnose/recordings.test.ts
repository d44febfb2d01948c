import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { GOLDEN, saidOf } from './recorded.ts'

test('of each recording in the repository is said on every machine what was said when it was made', async () => {
  expect(await saidOf()).toEqual(JSON.parse(await readFile(GOLDEN, 'utf8')))
})
