import { describe, expect, test } from 'vitest'
import { commandsIn, parse } from './markdown.ts'

const page = (...lines: string[]) => parse('page.md', lines.join('\n'))

describe('a page', () => {
  test('knows the line, the language and the code of its fences', () => {
    const { fences } = page('# Title', '', '```ts', 'const a = 1', '```', '', '~~~sh', 'npm test', '~~~')
    expect(fences).toEqual([
      { file: 'page.md', line: 3, language: 'ts', code: 'const a = 1', output: undefined },
      { file: 'page.md', line: 7, language: 'sh', code: 'npm test', output: undefined },
    ])
  })

  test('a fence inside a longer fence is code', () => {
    const { fences } = page('````md', '```ts', 'x', '```', '````')
    expect(fences).toMatchObject([{ language: 'md', code: '```ts\nx\n```' }])
  })

  test('a fence in a list loses the indent of the list', () => {
    expect(page('- like this:', '', '  ```sh', '  npm test', '  ```').fences[0]?.code).toBe('npm test')
  })

  test('a fence that is never closed is an error with its place', () => {
    expect(() => page('```ts', 'const a = 1')).toThrow('page.md:1: this fence is never closed')
  })

  test('a text fence behind the mark is the output of the example before it', () => {
    const marked = page('```ts', 'a()', '```', '', '<!-- output -->', '', '```text', 'hello', '```')
    expect(marked.fences[0]?.output).toBe('hello')
    const unmarked = page('```ts', 'a()', '```', '', '```text', 'hello', '```')
    expect(unmarked.fences[0]?.output).toBeUndefined()
  })

  test('links are found in prose, pictures and references, not in code', () => {
    const { links } = page(
      '[a](one.md) and ![b](two.png "title")',
      '`[c](no.md)`',
      '[d]: three.md',
      '```text',
      '[e](no.md)',
      '```',
    )
    expect(links.map(({ target }) => target)).toEqual(['one.md', 'two.png', 'three.md'])
  })

  test('headings are anchors as GitHub makes them', () => {
    const { anchors } = page('# Two words', '## `code`, and more!', '## Two words', '## [A link](x.md)')
    expect([...anchors]).toEqual(['two-words', 'code-and-more', 'two-words-1', 'a-link'])
  })
})

describe('commands', () => {
  const commands = (language: string, ...lines: string[]) =>
    commandsIn({ file: '', line: 1, language, code: lines.join('\n'), output: undefined })

  test('are the lines of a sh fence, without comments and empty lines', () => {
    expect(commands('sh', '# first', 'npm test', '', 'npm start   # then this')).toEqual(['npm test', 'npm start'])
  })

  test('go on behind a backslash', () => {
    expect(commands('sh', 'curl -N \\', "  'http://127.0.0.1/#a'")).toEqual(["curl -N 'http://127.0.0.1/#a'"])
  })

  test('of a console fence are behind the prompt; the rest is output', () => {
    expect(commands('console', '$ npm test', 'tests: 1 passed')).toEqual(['npm test'])
  })
})
