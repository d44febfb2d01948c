import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSpecimens, specimenFiles } from '../packages/wire-xray/test/specimens/specimen.ts'
import { stateDiagrams } from '../scripts/docs/state-diagrams.ts'
import { reachedFrom } from './imports.ts'
import { filesBelow, ROOT } from './tree.ts'

test('the state diagrams of the READMEs show what the decoders do', () => {
  const old = stateDiagrams().filter(({ upToDate }) => !upToDate)
  expect(
    old.map(({ readme }) => readme),
    'npm run docs:states draws them',
  ).toEqual([])
})

test.each([
  ['tcp-echo', 'lines.ts'],
  ['http-raw', 'message-decoder.ts'],
  ['chunked', 'decoder.ts'],
  ['sse-client', 'decoder.ts'],
  ['wire-xray', 'opening.ts'],
])('every code in the sources of %s behind %s has a specimen', (name, file) => {
  const folder = `packages/${name}/src/`
  const sources = [...reachedFrom(folder + file).files].filter(
    (source) => source.startsWith(folder) && !source.endsWith('/errors.ts'), // which only lists them
  )
  const codes = sources.flatMap((source) => readFileSync(join(ROOT, source), 'utf8').match(/'[A-Z]+_[A-Z_\d]+'/g) ?? [])
  const logs = specimenFiles().flatMap((path) => readSpecimens(path).map(({ log = '' }) => log))
  const shown = new Set(logs.flatMap((log) => log.match(/(?<=^(?:error|incomplete|x-ray) )\w+/gm) ?? []))
  expect(codes.length).toBeGreaterThan(0)
  expect(codes.filter((code) => !shown.has(code.slice(1, -1)))).toEqual([])
})

test('docs/specimens.md names every file of specimens', () => {
  const page = readFileSync(join(ROOT, 'docs/specimens.md'), 'utf8')
  const files = filesBelow('packages', '.md').filter((path) => path.includes('/specimens/'))
  expect(files.length).toBeGreaterThan(10)
  expect(files.filter((path) => !page.includes(`(../${path})`))).toEqual([])
})
