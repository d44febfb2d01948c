import { everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { explain, type Subject } from '@sse-from-scratch/wire-xray'
import { describe, expect, test } from 'vitest'
import { logOf } from './specimens/log.ts'
import { type Decoded, decode, type Seen, xray } from './specimens/read.ts'
import { parseSection, readSpecimens, type Specimen, specimenFiles } from './specimens/specimen.ts'
import { parseWire, quote, quoteText } from './specimens/wire.ts'

const specimens = specimenFiles().flatMap(readSpecimens)

describe.each(specimenFiles())('%s', (file) => {
  const ours = specimens.filter((specimen) => specimen.file === file)
  test.each(ours.map((specimen) => [specimen.title, specimen] as const))('%s', (_, specimen) => {
    expect(logOf(specimen), 'npm run specimens -- --write writes it').toBe(specimen.log)
    const bytewise = Array.from(specimen.bytes, (byte) => Uint8Array.of(byte))
    const decoded = decode(specimen, bytewise)
    const seen = xray(specimen, bytewise)
    if (specimen.subject === 'Event stream') expectSameItems(decoded, seen)
    else if (specimen.subject !== 'Lines') expectAgreement(specimen, decoded, seen)
    for (const reads of everySplit(specimen.bytes)) {
      expectSame(decode(specimen, reads), decoded)
      expectEqual(xray(specimen, reads), seen)
    }
  })
})

describe('the dump', () => {
  const shown = specimens.filter(({ subject, limits }) => subject !== 'Lines' && Object.keys(limits).length === 0)

  test.each(shown.map((specimen) => [`${specimen.file}: ${specimen.title}`, specimen] as const))(
    'has the elements of the log of %s, at their offsets',
    (_, { subject, methods: [method = 'GET'], bytes, log = '' }) => {
      const as = PARTS[subject] ?? 'message'
      const rows = explain(bytes, { as, method, columns: 200, direction: subject === 'Request' ? 'up' : 'down' })
        .split('\n')
        .flatMap((line) => /^([0-9a-f]{4,}) .*│.{17}(\w+) ([\w-]+)/.exec(line)?.slice(1) ?? [])
      const dumped = new Set<string>()
      for (let at = 0; at < rows.length; at += 3)
        dumped.add(`${Number.parseInt(rows[at] ?? '', 16)} ${rows[at + 1]} ${rows[at + 2]}`)
      const logged = [...log.matchAll(/^off=(\d+) len=\d+ (http|chunked|sse|llm) ([\w-]+)/gm)]
        .filter(([, , , element = '']) => !PUNCTUATION.test(element))
        .map(([, offset, layer, element]) => `${offset} ${layer} ${element}`)
      expect(logged.filter((element) => !dumped.has(element))).toEqual([])
    },
  )
})

/** How a dump is told what a specimen is. */
const PARTS: Partial<Record<Specimen['subject'], Subject>> = {
  'Chunked body': 'chunked-body',
  'Event stream': 'event-stream',
}

/** What may stand at the end of the row before it. */
const PUNCTUATION = /^(?:sp|colon|ows|space|crlf|end-of-line)$/

test('the title of a specimen is its own', () => {
  const titles = specimens.map(({ file, title }) => `${file}: ${title}`)
  expect(titles.filter((title, at) => titles.indexOf(title) !== at)).toEqual([])
})

describe('the notation of bytes', () => {
  test('is visible ASCII and escapes; line breaks are for the reader', () => {
    expect([...parseWire('a \\r\\n\nb\\t\\\\\\x00\\xff\n')]).toEqual([97, 32, 13, 10, 98, 9, 92, 0, 255])
  })

  test.each(['é', '\t', 'a \nb', '\\q', '\\x0', '\\xFF', 'a\\'])('refuses %j', (text) => {
    expect(() => parseWire(text)).toThrow(SyntaxError)
  })

  test('names every byte so that it can be written again', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    expect([...parseWire(quote(bytes).slice(1, -1).replaceAll('\\"', '"'))]).toEqual([...bytes])
  })
})

describe('a section', () => {
  const section = (...lines: string[]) => parseSection('x.md', `${lines.join('\n')}\n`)
  const wire = ['```http', 'a', '```']

  test('says what its bytes are, for which requests, under which limits', () => {
    expect(section('## T', '', 'Why.', '', 'Response to HEAD, GET, headSize 5:', '', ...wire)).toMatchObject({
      title: 'T',
      subject: 'Response',
      methods: ['HEAD', 'GET'],
      limits: { headSize: 5 },
      log: undefined,
    })
  })

  test.each([
    ['no bytes', ['## T', '', 'Why.', '', 'Request:', '']],
    ['no word about what they are', ['## T', '', 'Why.', '', ...wire]],
    ['no prose', ['## T', '', 'Request:', '', ...wire]],
    ['bytes in another notation', ['## T', '', 'Why.', '', 'Request:', '', '```http', 'é', '```']],
  ])('with %s is refused', (_, lines) => {
    expect(() => section(...lines)).toThrow(/^x\.md: T: /)
  })
})

/** Where the reads were cut changes nothing: a refused byte is refused in the read that brings it. */
function expectSame(cut: Decoded, bytewise: Decoded): void {
  const said = ({ events }: Decoded) => events.map(({ words, data }) => [...words, data && latin1(data)])
  expectEqual(said(cut), said(bytewise))
  if (cut.outcome.kind !== 'error' || bytewise.outcome.kind !== 'error') {
    expect([cut.outcome, cut.taken]).toEqual([bytewise.outcome, bytewise.taken])
  } else {
    const at = bytewise.outcome.from
    expect(cut.outcome.code).toBe(bytewise.outcome.code)
    expect(cut.outcome.from <= at && at < cut.outcome.to, `byte ${at} was refused early or late`).toBe(true)
  }
}

/** The x-ray feeds the same decoders, so it must find the same heads, the same content and the same end. */
function expectAgreement({ bytes }: Specimen, { events, outcome, taken }: Decoded, { spans, findings }: Seen): void {
  const heads = events.filter(({ words: [first = ''] }) => /^(head|interim)/.test(first)).map(({ at }) => at)
  const found = findings
    .filter(({ kind }) => kind === 'head' || kind === 'interim')
    .map((finding) => finding.bytes[0]?.[1])
  expect(found.filter((end = 0) => end <= taken)).toEqual(heads)

  const isContent = ({ element, start }: Seen['spans'][number]) => element === 'message-body' && start < taken
  const content = spans.filter(isContent).map(({ start, end }) => latin1(bytes.subarray(start, end)))
  expect(content.join('')).toBe(events.map(({ data }) => (data ? latin1(data) : '')).join(''))

  const [error] = findings.filter(({ kind, bytes: [range] }) => kind === 'error' && (range?.[0] ?? 0) <= taken)
  const end = error?.bytes[0]?.[1]
  if (error?.code?.startsWith('XRAY_')) expect(outcome.kind).not.toBe('complete')
  else if (outcome.kind === 'complete') expect(end === undefined || end > taken).toBe(true)
  else expect([error?.code, end]).toEqual([outcome.code, outcome.kind === 'error' ? outcome.from + 1 : bytes.length])
}

/** The x-ray must find the items that the decoder found, as long as that one did not find them too large. */
function expectSameItems({ events, taken }: Decoded, { findings }: Seen): void {
  const said = events.map(({ words: [first = ''] }) => first).filter((words) => !words.startsWith('last-event-id'))
  const found = findings.filter(
    ({ kind, bytes }) => ['event', 'comment', 'retry'].includes(kind) && (bytes.at(-1)?.[1] ?? 0) <= taken,
  )
  expect(found.map(({ kind }) => kind)).toEqual(said.map((words) => words.split(' ')[0]))
  const texts = found.flatMap(({ text }) => (text === undefined ? [] : [text]))
  expect(texts.map((text) => quoteText(text))).toEqual(said.flatMap((words) => textIn(words) ?? []))
}

/** The data of an event, or the text of a comment, as it is written in a log. */
function textIn(words: string): string | undefined {
  return /^(?:event ".*" data=|comment )("(?:[^"\\]|\\.)*")/.exec(words)?.[1]
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

/** As `toEqual`, which is too slow to be asked at every cut of every specimen when nothing is wrong. */
function expectEqual(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual).toEqual(expected)
}
