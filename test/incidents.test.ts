import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { documents } from './markdown.ts'
import { ROOT } from './tree.ts'

// docs/incidents.md is the list of all that the briefs tell one by one.

const REPORT = /https:\/\/github\.com\/([^/\s)]+\/[^/\s)]+)\/(?:issues|pull)\/(\d+)/g

/** Reports that a page links, as "owner/name #1": an issue and a pull request share their numbers. */
function reportsIn(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  return [...text.matchAll(REPORT)].map(([, repository, number]) => `${repository} #${number}`)
}

test('every report that a brief tells of is in docs/incidents.md', () => {
  const listed = new Set(reportsIn('docs/incidents.md'))
  const briefs = documents().filter(({ file }) => /^phases\/\d.*\/README\.md$/.test(file))
  const told = briefs.flatMap(({ file }) => reportsIn(file).map((report) => `${report} (${file})`))
  expect(told.length).toBeGreaterThan(50)
  expect(told.filter((report) => !listed.has(report.replace(/ \(.*/, '')))).toEqual([])
})
