import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { declaration, withQuotes } from '../scripts/docs/quotes.ts'
import { documents } from './markdown.ts'
import { ROOT } from './tree.ts'

// Code that a page quotes with "```ts file=path#name" is the code of today.

const quoting = documents().filter(({ fences }) => fences.some(({ source }) => source !== undefined))

describe('every quote of code', () => {
  test.each(quoting)('in $file is as its file has it (npm run docs:quotes -- --write)', ({ file }) => {
    const page = readFileSync(join(ROOT, file), 'utf8')
    expect(page).toBe(withQuotes(page))
  })

  test('is the whole declaration, with the comment above it and nothing behind it', () => {
    const source = '/** Why. */\nexport function a(\n  b: string,\n): void {\n  b()\n}\n\nconst c = 1\nconst d = 2\n'
    expect(declaration(source, 'a', 'x.ts').join('\n')).toBe(source.slice(0, source.indexOf('\n\n')))
    expect(declaration(source, 'c', 'x.ts')).toEqual(['const c = 1'])
  })

  test('of a name that is not declared is an error that names the file', () => {
    expect(() => declaration('const a = 1\n', 'b', 'x.ts')).toThrow('x.ts declares no b')
  })
})
