import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type Exercise, findExercises } from '../../scripts/course/exercises.ts'
import { steady } from '../../scripts/course/golden.ts'
import { structureProblems } from '../../scripts/course/structure.ts'

// What an author may forget, each in a copy of an exercise that has everything.

const copies = mkdtempSync(join(tmpdir(), 'course-structure-'))
afterAll(() => rmSync(copies, { recursive: true, force: true }))
const found = findExercises().find(({ id }) => id === '1.4')
if (found === undefined) throw new Error('there is no 1.4')
const original: Exercise = found

test('an exercise as it should be has no problem', () => {
  expect(structureProblems(original)).toEqual([])
})

test.each([
  ['README.md', '<details><summary>', '<summary>', /^Predict needs one answer with \[x\]/],
  ['README.md', '## Prove', '## Proof', /^the brief's blocks are .* Proof /],
  ['README.md', '# 1.4 · ', '# 1.5 · ', /^the brief's first heading is not /],
  ['solution.ts', "'./contract.ts'", "'../03-chunked-server/contract.ts'", /^the answer imports \.\.\/03-/],
  [
    'solution.ts',
    "'./contract.ts'",
    "'@sse-from-scratch/sse-client'",
    /^the answer imports @sse-from-scratch\/sse-client$/,
  ],
  ['solution.ts', "'./contract.ts'", "'vitest'", /^the answer imports vitest$/],
  ['stub.ts', 'todo(', 'fail(', /^the stub does not call todo\(\)$/],
  ['notes.txt', '', 'a stray file', /^notes\.txt does not belong here$/],
  ['__failures__/no-such-mutant.txt', '', 'of yesterday', /^__failures__\/no-such-mutant\.txt belongs to no mutant$/],
])('%s with %j as %j is told', (name, text, instead, problem) => {
  const folder = join(mkdtempSync(join(copies, 'copy-')), original.slug)
  cpSync(original.folder, folder, { recursive: true })
  const before = text === '' ? '' : readFileSync(join(folder, name), 'utf8')
  expect(before).toContain(text)
  writeFileSync(join(folder, name), text === '' ? instead : before.replace(text, instead))
  expect(structureProblems({ ...original, folder })).toEqual([expect.stringMatching(problem)])
})

test('a failure that is kept is the same on another day: a dump shows where a Date begins', () => {
  const line = (hex: string, text: string) => ` 0064  ${hex} …  54 0d 0a    │${text}…T␍␊  http field-value, 31 B`
  const [friday, saturday] = [line('46 72 69 2c 20 32 30', 'Fri,·20'), line('53 61 74 2c 20 32 31', 'Sat,·21')]
  expect(steady(friday)).toBe(steady(saturday))
  expect(steady(friday)).not.toBe(friday)
})

test('in a failure that is kept, ports that the kernel chose have no number, and the one of the samples has', () => {
  expect(steady('Host: 127.0.0.1:8080, from 127.0.0.1:41234 in 12.5 ms')).toBe(
    'Host: 127.0.0.1:8080, from 127.0.0.1:PORT in N ms',
  )
})
