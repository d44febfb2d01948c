import { expect, mistake, within } from '@sse-from-scratch/course'
import { openai, streamChat } from '@sse-from-scratch/llm-stream'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { textWidth } from '@sse-from-scratch/llm-stream/terminal'
import { test } from 'vitest'
import { paint, step } from '#ex/06-terminal-chat'
import type { Answer, Ui, UiEvent } from './contract.ts'

const halfEmoji = mistake<string>(
  'half-emoji',
  'You took away a part of what people call a character. An emoji may be several code points, and `é` may be two: together they are one grapheme cluster (UAX #29 §3).',
  (got) => got.includes('ae'),
)
const asksNothing = mistake<Ui>(
  'asks-nothing',
  'Enter was pressed with nothing to ask. An empty question costs a request, and a model answers it.',
  ({ phase }) => phase === 'answering',
)
const countsEveryDelta = mistake<Partial<Answer>>(
  'counts-every-delta',
  'Only deltas with text are pieces of the answer. You counted the stop and the usage, too, so the numbers of all answers are wrong.',
  ({ tokens }) => tokens === 4,
)
const changesInPlace = mistake<Ui>(
  'changes-in-place',
  'You changed the old screen instead of making a new one. Whoever still holds it, to compare or to go back, holds something else now: copy with `...`.',
  () => true,
)
const stopsOnlyTheScreen = mistake<{ readonly phase: string }>(
  'stops-only-the-screen',
  'The screen says "stopped", and the phase is still `answering`, so nobody hangs up: the server goes on, and you pay for words that nobody sees.',
  ({ phase }) => phase === 'answering',
)
const throwsTheAnswerAway = mistake<{ readonly text: string }>(
  'throws-the-answer-away',
  'What had come was on the screen, and you took it away. Who stops an answer has often read enough of it.',
  ({ text }) => text === '',
)
const lateWords = mistake<{ readonly text: string }>(
  'late-words',
  'A delta was on its way when the answer was stopped, and you took it. Behind the end of an answer nothing is added to it: look at the phase first.',
  ({ text }) => text.includes('late'),
)
const cutsWords = mistake<string>(
  'cuts-words',
  'You cut the line where it was full, in the middle of a word. Break it at the last blank that fits.',
  (line) => textWidth(line.slice('line 2: '.length)) === 40,
)
const countsCharacters = mistake<string>(
  'counts-characters',
  'You counted characters. A terminal has cells, and a Chinese character or an emoji takes two of them (UAX #11): your line is too long, and the terminal breaks it for you.',
  (line) => /[世🌊]/u.test(line) && textWidth(line) > 48,
)
const longWordsStickOut = mistake<string>(
  'long-words-stick-out',
  'A word that is longer than a line goes to a line of its own, and is still too long: an address, for example. Cut it where the line is full.',
  (line) => textWidth(line) > 48,
)
const rateFromTheQuestion = mistake<string>(
  'rate-from-the-question',
  'You put the wait for the first token into the rate. A long wait and a quick answer are two numbers: count from the first token to the last.',
  (line) => /\b[78] tokens\/s/.test(line),
)
const oneTooMany = mistake<string>(
  'one-too-many',
  'Five tokens have four gaps between them. The first token ends the wait; only those behind it tell how fast they come.',
  (line) => line.includes('25 tokens/s'),
)
const obeysEscapes = mistake<string>(
  'obeys-escapes',
  'The text of a model went to the terminal as it was. It can hold sequences that a terminal obeys: they clear the screen, change the title, or write into the clipboard (ECMA-48 §5). Take them out.',
  (text) => text.includes('\u001b'),
)
const cleansEachPiece = mistake<string>(
  'cleans-each-piece',
  'You cleaned each delta by itself. A sequence that is cut between two deltas looks harmless in both; only the whole text shows it.',
  (text) => text.includes('cm0'),
)

const EMPTY: Ui = { phase: 'ready', input: '', turns: [] }
const ASKED: readonly UiEvent[] = [
  { kind: 'type', text: 'What is the sea?' },
  { kind: 'enter', at: 1000 },
]

test('what is typed is the input, and backspace takes one character away', () => {
  expect(run({ kind: 'type', text: 'Wha' }, { kind: 'type', text: 't' }).input).toMean('What')
  expect(run({ kind: 'type', text: 'What' }, { kind: 'erase' }).input).toMean('Wha')
  expect(run({ kind: 'erase' }).input).toMean('', { given: 'backspace, and nothing to take away' })
})

test('enter asks: the question and an empty answer are there, and the input is free', () => {
  expect(run(...ASKED)).toMean({
    phase: 'answering',
    input: '',
    turns: [
      { who: 'you', text: 'What is the sea?' },
      { who: 'model', text: '', tokens: 0, askedAt: 1000 },
    ],
  })
  expect(run({ kind: 'type', text: '  ' }, { kind: 'enter', at: 1000 })).toMean(
    { ...EMPTY, input: '  ' },
    { mistakes: [asksNothing] },
  )
})

test('while an answer comes, one may type, and not ask', () => {
  const ui = run(...ASKED, { kind: 'type', text: 'And?' }, { kind: 'enter', at: 1100 })
  expect({ phase: ui.phase, input: ui.input, turns: ui.turns.length }).toMean({
    phase: 'answering',
    input: 'And?',
    turns: 2,
  })
})

test('deltas with text make the answer; all others are not for the screen', () => {
  const ui = run(
    ...ASKED,
    text('The ', 1350),
    text('sea', 1400),
    { kind: 'delta', delta: { kind: 'stop', reason: 'stop' }, at: 1500 },
    { kind: 'delta', delta: { kind: 'usage', input: 9, output: 2 }, at: 1500 },
    { kind: 'complete', at: 1600 },
  )
  const answer: Answer = {
    who: 'model',
    text: 'The sea',
    askedAt: 1000,
    tokens: 2,
    firstAt: 1350,
    lastAt: 1400,
    end: 'complete',
  }
  expect(answerOf(ui)).toMean(answer, { mistakes: [countsEveryDelta] })
  expect(ui.phase).toMean('ready')
})

test('the old screen is as it was: step makes a new one', () => {
  for (const events of [ASKED, [...ASKED, text('The', 1350)]]) {
    const before = run(...events.slice(0, -1))
    const copy = structuredClone(before)
    step(before, events.at(-1) as UiEvent)
    expect(before).toMean(copy, { mistakes: [changesInPlace] })
  }
})

test('Ctrl-C ends the answer, and keeps what has come', () => {
  const ui = run(...ASKED, text('The sea', 1350), { kind: 'interrupt', at: 1400 })
  expect({ phase: ui.phase, ...tail(ui) }).toMean(
    { phase: 'ready', text: 'The sea', end: 'stopped' },
    { mistakes: [stopsOnlyTheScreen, throwsTheAnswerAway] },
  )
})

test('what was on its way then comes too late', () => {
  const ui = run(...ASKED, text('The sea', 1350), { kind: 'interrupt', at: 1400 }, text(' late', 1401), {
    kind: 'complete',
    at: 1402,
  })
  expect(tail(ui)).toMean({ text: 'The sea', end: 'stopped' }, { mistakes: [lateWords] })
})

test('an answer that fails keeps what has come, and the next question may be asked', () => {
  const ui = run(...ASKED, text('The sea', 1350), { kind: 'failed', say: 'the answer broke off', at: 1400 })
  expect({ phase: ui.phase, ...tail(ui) }).toMean({ phase: 'ready', text: 'The sea', end: 'the answer broke off' })
})

test('Ctrl-C where no answer comes leaves', () => {
  expect(run({ kind: 'interrupt', at: 1000 }).phase).toMean('left')
})

test('backspace takes away what people see as one character', () => {
  const typed = ['a👩‍🚀', 'ae\u0301', 'a🌊']
  const erased = typed.map((text) => run({ kind: 'type', text }, { kind: 'erase' }).input)
  expect(erased.join(' ')).toMean('a a a', {
    given: `one backspace behind each of ${typed.join(' ')}`,
    mistakes: [halfEmoji],
  })
})

test('before the first token, and when none has come', () => {
  const screen = (...events: readonly UiEvent[]) => paint(run(...ASKED, ...events), 80).split('\n')
  expect(screen()).toMean(['> What is the sea?', '', '[waiting for the first token]', '', '(Ctrl-C stops the answer)'])
  expect(screen({ kind: 'failed', say: 'the server answered 401', at: 1100 })).toMean([
    '> What is the sea?',
    '',
    '[no answer: the server answered 401]',
    '',
    '> ',
  ])
})

test('the numbers: how long the first token took, and how fast the others came', () => {
  const answered = (answer: Partial<Answer>): Ui => ({
    phase: 'left',
    input: '',
    turns: [
      { who: 'model', text: 'Yes.', askedAt: 1000, tokens: 5, firstAt: 1400, lastAt: 1600, end: 'complete', ...answer },
    ],
  })
  expect(numbers(answered({}))).toMean('[5 tokens, first after 400 ms, 20 tokens/s]', {
    mistakes: [rateFromTheQuestion, oneTooMany],
  })
  expect(numbers(answered({ tokens: 1, lastAt: 1400 }))).toMean('[1 token, first after 400 ms]')
  expect(numbers(answered({ end: 'stopped' }))).toMean('[5 tokens, first after 400 ms, 20 tokens/s, stopped]')
})

const TALK: Ui = {
  phase: 'ready',
  input: 'and the moon?',
  turns: [
    { who: 'you', text: 'What is the sea?' },
    {
      who: 'model',
      text: 'The sea is so much water that the moon pulls at it, twice a day.\nIt is salty, it is deep, and most of it has never been seen by anybody.',
      askedAt: 1000,
      tokens: 31,
      firstAt: 1350,
      lastAt: 2100,
      end: 'complete',
    },
  ],
}

test('the screen at 40 columns', () => {
  sameScreen(TALK, 40, [
    '> What is the sea?',
    'The sea is so much water that the moon',
    'pulls at it, twice a day.',
    'It is salty, it is deep, and most of it',
    'has never been seen by anybody.',
    '[31 tokens, first after 350 ms, 40',
    'tokens/s]',
    '',
    '> and the moon?',
  ])
})

test('the screen at 80 and at 120 columns', () => {
  sameScreen(TALK, 80, [
    '> What is the sea?',
    'The sea is so much water that the moon pulls at it, twice a day.',
    'It is salty, it is deep, and most of it has never been seen by anybody.',
    '[31 tokens, first after 350 ms, 40 tokens/s]',
    '',
    '> and the moon?',
  ])
  sameScreen({ ...TALK, turns: [{ who: 'you', text: 'sea '.repeat(40).trim() }] }, 120, [
    `> ${'sea '.repeat(29)}`.trim(),
    'sea '.repeat(11).trim(),
    '> and the moon?',
  ])
})

test('wide characters take two cells', () => {
  for (const cols of [40, 80, 120]) {
    const line = Array.from({ length: cols / 5 }, () => '世界').join(' ')
    sameScreen(talk(`${line} 🌊`, 'left'), cols, [line, '🌊', '[1 token, first after 350 ms]', ''])
  }
})

test('a word that is longer than a line is cut where the line is full', () => {
  const url = `https://${'x'.repeat(60)}`
  sameScreen(talk(url, 'left'), 40, [url.slice(0, 40), url.slice(40), '[1 token, first after 350 ms]', ''])
  sameScreen(talk('世'.repeat(25), 'left'), 41, ['世'.repeat(20), '世'.repeat(5), '[1 token, first after 350 ms]', ''])
})

test('a text that talks to the terminal is not obeyed, wherever it is cut', () => {
  const deltas = ['safe \u001b[2Jtext', ' and \u001b]5', '2;c;cm0=\u0007here', ' \u001b', '[31mred']
  const ui = run(...ASKED, ...deltas.map((delta, at) => text(delta, 1350 + at)))
  const line =
    paint(ui, 80)
      .split('\n')
      .find((row) => row.startsWith('safe')) ?? '(no such line)'
  expect(line).toMean('safe text and here red', { mistakes: [obeysEscapes, cleansEachPiece] })
})

test('Ctrl-C stops the server, too', async () => {
  let ui = run(...ASKED)
  let told = (_: { readonly complete: boolean; readonly tokens: number }): void => {}
  const finished = new Promise<{ readonly complete: boolean; readonly tokens: number }>((resolve) => {
    told = resolve
  })
  await using simulator = await startSimulator({
    tokensPerSecond: 1000,
    firstTokenDelay: 0,
    words: { min: 2000, max: 2000 },
    onFinish: told,
  })
  const chat = { model: 'simulator', messages: [{ role: 'user', content: 'What is the sea?' }] } as const
  for await (const event of streamChat(openai({ baseUrl: simulator.url }), chat)) {
    if (event.kind !== 'text') continue
    ui = step(ui, text(event.text, performance.now()))
    if (answerOf(ui).tokens === 5) ui = step(ui, { kind: 'interrupt', at: performance.now() })
    if (ui.phase !== 'answering') break // this is all that a shell has to do: leaving the loop hangs up
  }
  const { complete, tokens } = await within(2000, finished, 'the simulator to notice that you have hung up')
  expect({ complete, early: tokens < 1000 }).toMean({ complete: false, early: true })
  expect(tail(ui).end).toMean('stopped')
})

function run(...events: readonly UiEvent[]): Ui {
  return events.reduce((ui, event) => step(ui, event), structuredClone(EMPTY))
}

function text(words: string, at: number): UiEvent {
  return { kind: 'delta', delta: { kind: 'text', text: words }, at }
}

function answerOf({ turns }: Ui): Partial<Answer> {
  return (turns.at(-1) ?? {}) as Partial<Answer>
}

function tail(ui: Ui): { readonly text: string; readonly end: string } {
  const { text = '', end = 'none' } = answerOf(ui)
  return { text, end }
}

/** One answer of one token, with this text. */
function talk(words: string, phase: Ui['phase']): Ui {
  return {
    phase,
    input: '',
    turns: [{ who: 'model', text: words, askedAt: 1000, tokens: 1, firstAt: 1350, lastAt: 1350, end: 'complete' }],
  }
}

function numbers(ui: Ui): string {
  return paint(ui, 80).split('\n')[1] ?? '(no second line)'
}

/** Compares line by line, and shows the first one that differs. */
function sameScreen(ui: Ui, cols: number, expected: readonly string[]): void {
  const got = paint(ui, cols).split('\n')
  const length = Math.max(got.length, expected.length)
  const at = Array.from({ length }, (_, index) => index).find((index) => got[index] !== expected[index])
  const line = (lines: readonly string[]) => `line ${Number(at) + 1}: ${lines[Number(at)] ?? '(none)'}`
  const given = `${cols} columns`
  const breaksTooEarly = mistake<string>(
    'breaks-too-early',
    'More of this line fits. Did you count what stands before a line end of the text itself? Behind each `\\n` the width begins at 0 again.',
    (row) => line(expected).startsWith(row),
  )
  if (at !== undefined)
    expect(line(got)).toMean(line(expected), {
      given,
      mistakes: [countsCharacters, longWordsStickOut, cutsWords, breaksTooEarly],
    })
}
