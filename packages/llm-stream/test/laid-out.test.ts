import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { HELP } from '../src/cli/help.ts'
import { laidOut } from '../src/cli/laid-out.ts'
import { say } from '../src/cli/say.ts'
import { textWidth } from '../src/terminal/clipped.ts'

describe.each(Object.entries(HELP))('the help of %s', (_, help) => {
  test.each([40, 80, 120, 200])('fits into %i columns, with every word of it', (columns) => {
    const lines = laidOut(help, columns).split('\n')
    expect(lines.filter((line) => textWidth(line) > columns)).toEqual([])
    expect(lines.join(' ').match(/\S+/g)).toEqual(help.match(/\S+/g))
  })
})

test('what goes on below stands under its column, or under its line where there is no room for that', () => {
  const list = '  -f, --file <path>    puts a file behind the prompt, with its name'
  expect(laidOut(list, 50).split('\n')).toEqual([
    '  -f, --file <path>    puts a file behind the',
    '                       prompt, with its name',
  ])
  expect(laidOut(list, 40).split('\n')).toEqual([
    '  -f, --file <path>    puts a file',
    '  behind the prompt, with its name',
  ])
  expect(laidOut('one two three\n\nfour', 9)).toBe('one two\nthree\n\nfour')
})

test('what is said on a terminal has whole words, and elsewhere is one line; neither talks to the terminal', () => {
  const said = (isTTY: boolean) => {
    const stderr = Object.assign(new PassThrough(), { isTTY, columns: 20 })
    say(stderr, 'there is nobody at\u001b[2J http://h/v1')
    return stderr.read().toString()
  }
  expect(said(true)).toBe('there is nobody at\nhttp://h/v1\n')
  expect(said(false)).toBe('there is nobody at http://h/v1\n')
})
