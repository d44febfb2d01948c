import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SECTIONS } from './sections.ts'
import { filesBelow, ROOT } from './tree.ts'

/** "RFC 9110 §9.2.2 and §10.2.3", "[RFC 9112](…) §2.1 to §5.1": a standard, and the sections behind it. */
const CITED = new RegExp(
  `(${Object.keys(SECTIONS).join('|')})\\b(?:\\]\\([^)]*\\))?,? (§[\\d.]*\\d(?:(?:,? and |, | to )§[\\d.]*\\d)*)`,
  'g',
)

/** Of HTML, only server-sent events are listed. */
const isListed = (standard: string, section: string) => standard !== 'HTML' || section.startsWith('9.2')

function citationsIn(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  return [...text.matchAll(CITED)].flatMap(([, standard = '', sections = '']) =>
    [...sections.matchAll(/§([\d.]*\d)/g)]
      .filter(([, section = '']) => isListed(standard, section))
      .map(([, section = '']) => `${standard} §${section}`),
  )
}

const cited = ['.ts', '.md', '.js', '.mjs']
  .flatMap((extension) => filesBelow('', extension))
  .flatMap((file) => citationsIn(file).map((citation) => ({ citation, file })))
const known = Object.entries(SECTIONS).flatMap(([standard, titles]) =>
  Object.keys(titles).map((section) => `${standard} §${section}`),
)

test('every section that code and pages cite is one of its standard', () => {
  expect(cited.length).toBeGreaterThan(1000)
  expect(cited.filter(({ citation }) => !known.includes(citation))).toEqual([])
})

test('the sections that the reading list names by their titles have these', () => {
  const rows = readFileSync(join(ROOT, 'docs/reading.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|') && line.includes('HTML §9.2'))
  const named = rows.flatMap((row) => [...row.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title))
  const titles = Object.values(SECTIONS.HTML).map((title) => title.replaceAll('`', ''))
  expect(named).toHaveLength(4)
  expect(named.filter((title) => !titles.includes(title))).toEqual([])
})
