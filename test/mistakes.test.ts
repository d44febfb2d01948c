import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './tree.ts'

const page = readFileSync(join(ROOT, 'docs/mistakes.md'), 'utf8')
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes('](../'))
  .map((line) => {
    const [, mistake = '', , tests = ''] = line.split(/(?<!\\)\|/)
    return { mistake: mistake.trim(), tests }
  })

test('twenty mistakes are forbidden', () => {
  expect(rows).toHaveLength(20)
})

test.each(rows)('$mistake: its tests exist', ({ tests }) => {
  const files = tests.split(/(?=\[[^\]]+\]\()/).filter((part) => part.trim() !== '')
  expect(files.length).toBeGreaterThan(0)
  for (const part of files) {
    const path = /\]\(\.\.\/([^)]+)\)/.exec(part)?.[1] ?? ''
    const source = readFileSync(join(ROOT, path), 'utf8')
    const names = [...part.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) expect(source.includes(`'${name}'`), `${path}: ${name}`).toBe(true)
  }
})
