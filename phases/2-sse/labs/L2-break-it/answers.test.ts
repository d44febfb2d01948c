import { readFile } from 'node:fs/promises'
import { expect, type Mistake, mistake } from '@sse-from-scratch/course'
import { createEventDecoder } from '@sse-from-scratch/sse-client/decoder'
import { describeWith } from '@sse-from-scratch/testkit'
import { test } from 'vitest'
import { answers } from '#lab/L2-break-it'
import { type Heard, hearAll, JUDGES, naive, openBrowserJudge, RECORDING, SAMPLES, type SampleName } from './record.ts'

type Data = readonly string[]

const halfIsAnEvent = mistake<Data>(
  'half-is-an-event',
  'The second event has no blank line: the stream ended before it did. "Any pending data must be discarded" says the standard (HTML §9.2.6).',
  (got) => got.length > 1,
)
const noColonIsNothing = mistake<Data>(
  'no-colon-is-nothing',
  'A line without a colon is not broken: the whole line is the name of the field, and its value is empty. So `data` adds an empty line (HTML §9.2.6).',
  (got) => got.length < 3,
)
const emptyLineLost = mistake<Data>(
  'empty-line-lost',
  'Two lines `data` are two empty lines with an LF between them. Only the LF behind the last line is taken away (HTML §9.2.6).',
  (got) => got[1] === '' || got[2] === 'x',
)
const crIsData = mistake<Data>(
  'cr-is-data',
  'CR, LF and CRLF each end a line. No CR ever comes into the data: the lines are joined by LF (HTML §9.2.5).',
  (got) => got.some((data) => data.includes('\r')),
)
const crlfEndsTwice = mistake<Data>(
  'crlf-ends-twice',
  'A CR and the LF behind it are one line end, also when the LF comes in the next read. You took it for a blank line (HTML §9.2.5).',
  (got) => got.includes('d'),
)
const chunkIsEvent = mistake<Data>(
  'chunk-is-event',
  'Chunks end nothing but themselves. What ends an event is its blank line, wherever that is (HTML §9.2.6).',
  () => true,
)

const TESTS: readonly (readonly [string, SampleName, readonly Mistake<Data>[]])[] = [
  ['an event without its blank line', 'noBlankLine', [halfIsAnEvent]],
  ['data without a colon', 'noColon', [noColonIsNothing, emptyLineLost]],
  ['CR, LF and CRLF in one stream', 'mixedLineEnds', [crIsData, crlfEndsTwice]],
  ['two events in one chunk', 'twoInOneChunk', [chunkIsEvent]],
  ['one event in five chunks', 'oneInFiveChunks', [chunkIsEvent]],
]

for (const [name, sample, mistakes] of TESTS) {
  test(name, () => {
    expect(answers[sample]()).toMean<Data>(truth(sample), { mistakes })
  })
}

test('what the naive parser hears right', () => {
  const right = TESTS.map(([, sample]) => sample).filter((sample) => heardNaively(sample) === `${truth(sample)}`)
  const mine = [...answers.naiveIsRight()].sort((a, b) => a.localeCompare(b))
  expect(mine).toMean(right.sort((a, b) => a.localeCompare(b)))
})

test('the recording says the same: all but the naive one agree', async () => {
  const mine = allAnswers()
  const lines = (await readFile(RECORDING, 'utf8')).trim().split('\n')
  for (const { sample, heard } of lines.map((line) => JSON.parse(line) as Heard))
    for (const [judge, data] of Object.entries(heard))
      if (judge !== 'a naive parser') expect({ judge, sample, data: mine[sample] }).toMean({ judge, sample, data })
})

test('undici and eventsource-parser hear what you say', async () => {
  const mine = allAnswers()
  for (const { sample, heard } of await hearAll(JUDGES, 5))
    for (const [judge, data] of Object.entries(heard))
      if (judge !== 'a naive parser') expect({ judge, sample, data: mine[sample] }).toMean({ judge, sample, data })
})

describeWith(['chromium'], 'Chromium', () => {
  test('hears what you say', { timeout: 180_000 }, async () => {
    const mine = allAnswers()
    await using chromium = await openBrowserJudge()
    for (const { sample, heard } of await hearAll({ Chromium: chromium.hear }, 5))
      expect({ sample, data: mine[sample] }).toMean({ sample, data: heard['Chromium'] ?? [] })
  })
})

function allAnswers(): Record<SampleName, Data> {
  const { noBlankLine, noColon, mixedLineEnds, twoInOneChunk, oneInFiveChunks } = answers
  return {
    noBlankLine: noBlankLine(),
    noColon: noColon(),
    mixedLineEnds: mixedLineEnds(),
    twoInOneChunk: twoInOneChunk(),
    oneInFiveChunks: oneInFiveChunks(),
  }
}

/** By the decoder of the package, which is tested against the standard. */
function truth(sample: SampleName): string[] {
  const decoder = createEventDecoder()
  const heard: string[] = []
  for (const chunk of SAMPLES[sample])
    decoder.push(chunk, (item) => item.kind === 'event' && heard.push(item.event.data))
  decoder.end(() => {})
  return heard
}

function heardNaively(sample: SampleName): string {
  return `${SAMPLES[sample].flatMap(naive)}`
}
