import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeWith, run } from '@sse-from-scratch/testkit'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { LlmEvent } from '../src/events.ts'
import { cellWidth } from '../src/terminal/cell-width.ts'
import { createChatView } from '../src/terminal/chat-view.ts'
import { clipped, padded, textWidth } from '../src/terminal/clipped.ts'
import { createClusterSplitter } from '../src/terminal/clusters.ts'
import { besides, wrapText } from '../src/terminal/columns.ts'

const text = (text: string, choice = 0): LlmEvent => ({ kind: 'text', choice, text })
const thought = (text: string): LlmEvent => ({ kind: 'reasoning', choice: 0, text })

function show(events: readonly LlmEvent[], columns = 20, color = false): string {
  const view = createChatView({ columns, color })
  return events.map((event) => view.take(event)).join('') + view.end()
}

const wrapped = (pieces: readonly string[], columns: number) =>
  show(
    pieces.map((piece) => text(piece)),
    columns,
  )

describe('lines', () => {
  test.each([
    ['words', 'the quick brown fox jumps over the lazy dog', 'the quick brown fox\njumps over the lazy\ndog\n'],
    ['a line that is just full', '12345678901234567890 b', '12345678901234567890\nb\n'],
    ['a word that is longer than a line', `a ${'x'.repeat(30)} b`, `a ${'x'.repeat(18)}\n${'x'.repeat(12)} b\n`],
    ['Han, which break anywhere', '世'.repeat(11), `${'世'.repeat(10)}\n世\n`],
    ['Han on an odd line', `a${'世'.repeat(10)}`, `a${'世'.repeat(9)}\n世\n`],
    ['emoji of several parts', '👩‍🚀'.repeat(11), `${'👩‍🚀'.repeat(10)}\n👩‍🚀\n`],
    ['marks that take no room', `${'e\u0301'.repeat(20)} b`, `${'e\u0301'.repeat(20)}\nb\n`],
    ['lines of their own', 'a\n\n  b\n', 'a\n\n  b\n'],
    ['tabs', 'a\tb', 'a       b\n'],
    ['nothing', '', ''],
  ])('are broken right: %s', (_, whole, expected) => {
    expect(wrapped([whole], 20)).toBe(expected)
    expect(wrapped(whole.split(''), 20), 'one code unit at a time').toBe(expected)
  })

  test('are the same wherever the text is cut, and none is too long', () => {
    const word = fc.constantFrom(
      'a',
      'word',
      'x'.repeat(19),
      'x'.repeat(40),
      '世界',
      '👩‍🚀',
      '🇩🇪',
      '❤️',
      'e\u0301',
      ' ',
      '\n',
      '\t',
    )
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 20 }),
        fc.array(fc.nat({ max: 6 }), { minLength: 1 }),
        fc.integer({ min: 2, max: 40 }),
        (words, sizes, columns) => {
          const whole = words.join('')
          const pieces: string[] = []
          for (let at = 0, i = 0; at < whole.length; i++) {
            const size = 1 + (sizes[i % sizes.length] ?? 0)
            pieces.push(whole.slice(at, at + size))
            at += size
          }
          const lines = wrapped([whole], columns)
          expect(wrapped(pieces, columns)).toBe(lines)
          for (const line of lines.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(columns)
          expect(lines.replace(/\s/g, '')).toBe(whole.replace(/\s/g, ''))
        },
      ),
      { numRuns: 500 },
    )
  })

  test('count a word by its cells, also when a mark comes apart from its letter', () => {
    const whole = `世界e\u0301${'x'.repeat(19)}`
    expect(wrapped(whole.split(''), 16)).toBe(wrapped([whole], 16))
  })

  test('take their new length from the next word on', () => {
    const view = createChatView({ columns: 20, color: false })
    const before = view.take(text('the quick brown '))
    view.resize(10)
    expect(before + view.take(text('fox jumps over')) + view.end()).toBe('the quick brown\nfox jumps\nover\n')
  })

  test('of no limit are not broken, and nothing in them is changed', () => {
    const line = `\t${'word '.repeat(100)}\t世`
    expect(wrapped([line], Number.POSITIVE_INFINITY)).toBe(`${line}\n`)
    expect(wrapped([`${line}\n`], Number.POSITIVE_INFINITY)).toBe(`${line}\n`)
  })

  test('of less than two columns are a mistake of the caller', () => {
    expect(() => createChatView({ columns: 1, color: false })).toThrow(RangeError)
  })
})

describe('a word', () => {
  test('is printed as it comes, far from the end of the line', () => {
    const view = createChatView({ columns: 80, color: false })
    expect([view.take(text('Hel')), view.take(text('lo'))]).toEqual(['Hel', 'lo'])
  })

  test('is kept back near the end of the line, until it is clear where it fits', () => {
    const view = createChatView({ columns: 20, color: false })
    expect(view.take(text('the quick brown fox ju'))).toBe('the quick brown fox')
    expect(view.take(text('mps'))).toBe('')
    expect(view.take(text(' '))).toBe('\njumps')
  })
})

describe('a character', () => {
  test('that comes in halves is printed whole, on a terminal and elsewhere', () => {
    for (const columns of [20, Number.POSITIVE_INFINITY]) {
      const view = createChatView({ columns, color: false })
      expect(view.take(text('a\ud83d'))).toBe('a')
      expect(view.take(text('\ude00b')) + view.end()).toBe('😀b\n')
    }
  })

  test('that never gets its second half is U+FFFD', () => {
    for (const columns of [20, Number.POSITIVE_INFINITY]) {
      expect(wrapped(['a\ud83d', 'b\ude00\ud83d'], columns)).toBe('a\ufffdb\ufffd\ufffd\n')
    }
  })

  test('of parts without end does not wait for all of them', () => {
    const splitter = createClusterSplitter()
    let kept = 0
    for (let i = 0; i < 1000; i++) {
      kept += 3 - splitter.push('👩\u200d').reduce((size, cluster) => size + cluster.text.length, 0)
      expect(kept).toBeLessThan(70)
    }
  })
})

describe('what a model cannot do', () => {
  test('is talk to the terminal, also in pieces, in thoughts and in the name of a tool', () => {
    const events: readonly LlmEvent[] = [
      thought('a\u001b'),
      thought(']52;c;x\u0007b'),
      text('\u001b[2'),
      text('Jc'),
      { kind: 'tool-call', choice: 0, index: 0, name: 'rm\u001b]0;x\u0007', arguments: '{"\u202ea' },
    ]
    expect(show(events)).toBe('c\n\n[calls rm] {"a\n')
    expect(show(events, 20, true)).toBe('\u001b[2mab\u001b[0m\n\nc\n\n\u001b[2m[calls rm] {"a\u001b[0m\n')
  })
})

test('thoughts, text and calls are paragraphs; each call has its line', () => {
  const call = (index: number, name: string | undefined, args: string): LlmEvent => ({
    kind: 'tool-call',
    choice: 0,
    index,
    ...(name !== undefined && { name }),
    arguments: args,
  })
  const events = [
    thought('Hm.'),
    text('Yes'),
    text('.'),
    call(0, 'ls', '{"a"'),
    call(0, undefined, ':1}'),
    call(1, 'cd', '{}'),
  ]
  expect(show(events, 40)).toBe('Yes.\n\n[calls ls] {"a":1}\n[calls cd] {}\n')
  expect(show(events, 40, true)).toContain('\u001b[2mHm.\u001b[0m\n\nYes.\n\n\u001b[2m[calls ls]')
})

test('other choices than the first are not mixed into it', () => {
  expect(show([text('a'), text('x', 1), text('b')])).toBe('ab\n')
})

test('a text that is all there has its words whole, whatever their length', () => {
  const names = 'response.created, response.output_item.added, response.completed'
  expect(wrapText(names, 27)).toEqual(['response.created,', 'response.output_item.added,', 'response.completed'])
  expect(wrapText('a response.output_item.added', 20)).toEqual(['a response.output_it', 'em.added'])
  expect(besides(['a b', 'c'], [2, 3], '|')).toEqual(['a |c', 'b |'])
})

test('a clipped line ends where it has to, a padded one has its width', () => {
  expect(clipped('世界', 3)).toBe('世')
  expect(padded('世界', 3)).toBe('世 ')
  expect(padded('ab', 4)).toBe('ab  ')
})

describe('the work for a delta', () => {
  afterEach(() => vi.restoreAllMocks())

  test('does not grow with what is printed already, and one segmenter does for all', () => {
    const segmented = vi.spyOn(Intl.Segmenter.prototype, 'segment')
    const made = vi.spyOn(Intl, 'Segmenter')
    const view = createChatView({ columns: 80, color: false })
    for (let i = 0; i < 5_000; i++) view.take(text('é世 '))
    const longest = Math.max(...segmented.mock.calls.map(([input]) => input.length))
    expect(longest).toBeLessThanOrEqual(3)
    expect(made.mock.calls.length).toBeLessThanOrEqual(1)
  })
})

/** Runs in a terminal: prints each sample, asks where the cursor is (DSR 6, ECMA-48 §8.3.35), and writes the answers. */
const ASK = `
  const [samples, file, tmux, socket] = JSON.parse(process.argv[1])
  const widths = []
  const ask = () => process.stdout.write('\\r\\x1b[2K' + samples[widths.length] + '\\x1b[6n')
  process.stdin.setRawMode(true)
  process.stdin.on('data', (answer) => {
    widths.push(Number(/;(\\d+)R/.exec(answer)[1]) - 1)
    if (widths.length < samples.length) return ask()
    require('node:fs').writeFileSync(file, JSON.stringify(widths))
    require('node:child_process').execFileSync(tmux, ['-L', socket, 'wait-for', '-S', 'asked'])
  })
  ask()
`

describeWith(['tmux'], 'a terminal agrees', ([tmux]) => {
  test('about how wide letters, Han, Hangul, Kana, forms, marks and emoji are', async () => {
    const samples = [
      ...'aéßЖא世한カｶＡ、（😀🚀⌚✅→█…𠀀',
      'e\u0301',
      '\u0301',
      '한\u0301',
      'क्षि',
      'ก็',
      '䷀',
      '🇩🇪',
      '👩‍🚀',
    ]
    const folder = await mkdtemp(join(tmpdir(), 'cells-'))
    const path = tmux?.path ?? 'tmux'
    const socket = `cells-${process.pid}`
    const file = join(folder, 'widths.json')
    const control = (...args: string[]) => run(path, ['-L', socket, '-f', '/dev/null', '-u', ...args])
    try {
      const asked = JSON.stringify([samples, file, path, socket])
      await control('new-session', '-d', '-x', '40', '-y', '10', process.execPath, '-e', ASK, asked)
      await control('wait-for', 'asked')
      expect(samples.map(cellWidth)).toEqual(JSON.parse(await readFile(file, 'utf8')))
    } finally {
      await control('kill-server')
      await rm(folder, { recursive: true })
    }
  })
})
