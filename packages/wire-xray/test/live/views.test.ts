import { readFile } from 'node:fs/promises'
import { parseRecording, type Recording } from '@sse-from-scratch/llm-stream/recording'
import { textWidth } from '@sse-from-scratch/llm-stream/terminal'
import { describe, expect, test } from 'vitest'
import { createBoundedLines } from '../../src/live/bounded-lines.ts'
import { createExchanges } from '../../src/live/exchanges.ts'
import { footerLines } from '../../src/live/footer.ts'
import { createJsonView } from '../../src/live/json-view.ts'
import { keysIn } from '../../src/live/keys.ts'
import { createLiveView } from '../../src/live/live-view.ts'
import { createPlainView } from '../../src/live/plain-view.ts'
import { createRhythm } from '../../src/live/rhythm.ts'
import type { Output } from '../../src/live/view.ts'
import { createExplainer } from '../../src/proxy/explainer.ts'
import { ANSWER, itemsOf } from './look.ts'

const ESC = '\u001b'
const SHOW_CURSOR = `${ESC}[?25h`
const COLOR = new RegExp(`${ESC}\\[\\d+m`, 'g')

/** Somebody who takes everything at once, or nothing. */
function screen({ columns = 80, rows = 24, waiting = 0 } = {}): Output & { readonly text: string } {
  let text = ''
  return {
    columns,
    rows,
    writableLength: waiting,
    write(more) {
      text += more
      return true
    },
    on: () => {},
    off: () => {},
    get text() {
      return text
    },
  }
}

/** What is printed of an answer. */
function shownIn(columns: number): string {
  const output = screen({ columns })
  const view = createPlainView(output)
  for (const item of itemsOf(ANSWER)) view.take(item)
  view.close()
  return output.text
}

test('the README shows what is printed of a real answer, recorded from the simulator', async () => {
  const folder = new URL('../', import.meta.url)
  const recording = parseRecording(await readFile(new URL('live/anthropic.xray.jsonl', folder), 'utf8'))
  const output = screen()
  const view = createPlainView(output)
  const explainer = createExplainer(view.take)
  for (const entry of recording.entries) explainer.take(entry)
  view.close()
  const readme = await readFile(new URL('../README.md', folder), 'utf8')
  expect(readme).toContain(`\`\`\`text\n${output.text}\`\`\`\n`)
  expect(readme).toContain(`\`\`\`text\n${underneath(recording).join('\n')}\n\`\`\`\n`)
})

/** No key has switched anything on. */
const NOTHING_ON = { recording: undefined, faults: '', prompt: undefined } as const

/** What stands under the table while the last event of an answer is the latest. */
function underneath({ entries }: Recording): readonly string[] {
  const exchanges = createExchanges()
  const rhythm = createRhythm()
  const explainer = createExplainer((item) => {
    exchanges.take(item)
    if (item.kind === 'finding' && item.finding.kind === 'event') rhythm.event(item.at)
  })
  for (const entry of entries) explainer.take(entry)
  const title = 'http://127.0.0.1:9000 → http://localhost:8089'
  const now = { connections: 1, paused: false, held: 0, shown: 'all', hex: false } as const
  return footerLines({ ...now, ...NOTHING_ON, title, exchange: exchanges.latest, rhythm: rhythm.line() }, 79)
}

describe('lines', () => {
  test('say when, how long after, which way, what, and which bytes', () => {
    expect(shownIn(80)).toMatchInlineSnapshot(`
      "    t ms    gap  layer what                                     bytes
           0.0         tcp   connected to 127.0.0.1:8089
      ── #1 POST /v1/chat?…  (connection 1)
           0.0        ▲tcp   read 97 B  ████                          [0,97)
                      ▲http  POST /v1/chat?…                          [0,95)
         208.5   +209 ▼tcp   read 213 B  ███████                      [0,213)
                      ▼http  200 OK                                   [0,80)
                      ▼chunk 2 chunks                                 [80,213)
                      ▼sse   message: {"choices":[{"index":0,"delta": [84,144)
                      ▼sse   message: {"choices":[{"index":0,"delta": [150,211)
                      ▼llm   choices[0].delta.content = "Once"        [133,137)
                      ▼llm   choices[0].delta.content = " upon"       [199,204)
         408.5   +200 ▼tcp   read 145 B  █████                        [213,358)
                      ▼chunk 2 chunks                                 [213,358)
                      ▼sse   message: {"choices":[{"index":0,"delta": [217,280)
                      ▼sse   message: {"choices":[{"index":0,"delta": [286,356)
                      ▼llm   choices[0].delta.content = " 世界"       [266,273)
                      ▼llm   choices[0].delta.content = " ␛[31mred"   [335,349)
         608.5   +200 ▼tcp   read 18 B  █                             [358,376)
                      ▼chunk 13 bytes of data                         [358,376)
                      ▼sse   comment: heartbeat                       [361,373)
         610.0     +2 ▼tcp   read 24 B  █                             [376,400)
                      ▼chunk 14 bytes of data                         [376,395)
                      ▼chunk size 0: the last chunk                   [395,398)
                      ▼sse   message: [DONE]                          [379,393)
                      ▼llm   done: the end mark                       [379,393)
      "
    `)
  })

  test.each([40, 41, 63, 64, 65, 80, 200])('are never wider than %d columns', (columns) => {
    for (const line of shownIn(columns).split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(columns)
  })

  test('say in 40 columns what a model said, and not only where', () => {
    const tokens = shownIn(40).match(/▼llm +"[^"]*"/g)
    expect(tokens?.map((line) => line.replace(/.* "/, '"'))).toEqual(['"Once"', '" upon"', '" 世界"', '" ␛[31mred"'])
  })

  test('hold no sequence that a stream has smuggled in, and no credential', () => {
    const text = shownIn(200)
    expect(text).toContain('␛[31mred')
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
    expect(text).not.toContain('SECRET')
  })

  test('that nobody reads are counted, and not kept', () => {
    const slow = { ...screen(), writableLength: 2 ** 21 }
    const said: string[] = []
    const output: Output = { ...slow, write: (text) => said.push(text) > 0 }
    const line = createBoundedLines(output, (lines) => `${lines} left out`)
    line('a')
    line('b')
    Object.assign(output, { writableLength: 0 })
    line('c')
    expect(said).toEqual(['2 left out\n', 'c\n'])
  })
})

test('JSON has a line for each item, with its place and what was found', () => {
  const output = screen()
  const view = createJsonView(output)
  for (const item of itemsOf(ANSWER)) view.take(item)
  const lines = output.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.slice(0, 3)).toEqual([
    { kind: 'open', at: 5, connection: 1, address: '127.0.0.1:8089' },
    { kind: 'read', at: 10, connection: 1, direction: 'up', bytes: [[0, expect.any(Number)]] },
    expect.objectContaining({ kind: 'head', layer: 'http', direction: 'up', summary: 'POST /v1/chat?…', exchange: 0 }),
  ])
  expect(lines.filter(({ kind }) => kind === 'delta').map(({ text }) => text)).toEqual([
    'Once',
    ' upon',
    ' 世界',
    ' \u001b[31mred',
  ])
  expect(output.text).not.toContain('SECRET')
})

test('JSON has times to a thousandth of a millisecond', () => {
  const output = screen()
  createJsonView(output).take({ kind: 'open', at: 1.23456, connection: 1, took: 0.98765 })
  expect(JSON.parse(output.text)).toEqual({ kind: 'open', at: 1.235, connection: 1, took: 0.988 })
})

describe('the rhythm', () => {
  const lineOf = (times: readonly number[]) => {
    const rhythm = createRhythm()
    for (const at of times) rhythm.event(at)
    return rhythm.line()
  }

  test('of bursts says how many events come together, and how often', () => {
    const times = [0, 200, 400, 600].flatMap((at) => [at, at, at + 0.5, at + 1])
    expect(lineOf(times)).toBe('····|····|····|····  bursts of 4 every 200 ms')
  })

  test('of single events says how far they are apart', () => {
    expect(lineOf([0, 25, 51, 75])).toBe('·|·|·|·  one event every 25 ms')
  })

  test('of one event, or none, claims nothing', () => {
    expect([lineOf([]), lineOf([5])]).toEqual(['', '·'])
  })
})

describe('what is under the lines', () => {
  const facts = {
    title: 'http://127.0.0.1:9000 → https://api.openai.com',
    connections: 1,
    exchange: undefined,
    rhythm: '',
    paused: false,
    held: 0,
    shown: 'all',
    hex: false,
    ...NOTHING_ON,
  } as const

  test.each([20, 40, 60, 80, 200])('fits into %d columns, and always says how to leave', (columns) => {
    const lines = footerLines(facts, columns)
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns)
    expect(lines[3]).toContain('[q] quit')
    for (const other of [{ rhythm: '·', paused: true }, { prompt: { text: 'x'.repeat(300), hint: 'h'.repeat(300) } }])
      expect(footerLines({ ...facts, ...other }, columns)).toHaveLength(lines.length)
  })

  test('names every key in 79 columns, and in 39 those that change what goes on', () => {
    const keys = (columns: number) =>
      footerLines(facts, columns)
        .join('')
        .match(/\[\w+\]/g)
        ?.join('')
    expect(keys(79)).toBe('[q][space][l][r][f][h][e]')
    expect(keys(39)).toContain('[q][space][l][r][f]')
  })

  test('says where a recording goes and which faults there are', () => {
    const on = { ...facts, recording: 'a.xray.jsonl', faults: 'delay=20ms' }
    expect(footerLines(on, 39)[0]).toMatch(/^ xray ● a\.xray\.jsonl {2}✗ delay=20ms/)
    expect(footerLines(on, 120).at(-1)).toContain('[r] stop')
  })

  test('shows all times and the number of events in 79 columns, and gives up the end of a long path for that', () => {
    const times = { askedAt: 0, headAt: 5.3, eventAt: 5.3, deltaAt: 152, events: 109 }
    const exchange = { number: 12, connection: 1, request: 'POST /v1/chat/completions', status: '200 OK', ...times }
    const line = footerLines({ ...facts, exchange }, 79)[1]
    expect(line).toBe(' #12 POST /v1/chat/comple…  200 OK  TTFB 5.3  TTFE 5.3  TTFT 152 ms  109 events')
    expect(footerLines({ ...facts, exchange }, 100)[1]).toContain(' POST /v1/chat/completions  200 OK')
    expect(footerLines({ ...facts, exchange }, 39)[1]).toMatch(/^ #12 POST \/v1\/ch… {2}200 OK/)
  })

  test('shows the end of faults that are longer than the line', () => {
    const prompt = { text: `delay=1ms,${'x'.repeat(60)},cut=rst@event:3`, hint: '' }
    expect(footerLines({ ...facts, prompt }, 39)[3]).toMatch(/^ faults: ….*,cut=rst@event:3_$/)
  })
})

describe('the live view', () => {
  function opened(color = false) {
    const output = screen()
    let quits = 0
    const asked: string[] = []
    const switches = {
      recording: undefined,
      toggleRecording: () => void asked.push('record'),
      faults: 'gzip',
      setFaults(faults: string) {
        if (faults === 'nonsense') throw new TypeError('there is no fault "nonsense"')
        asked.push(`faults ${faults}`)
      },
    }
    const view = createLiveView(output, { title: 't', color, switches, onQuit: () => quits++ })
    const type = (typed: string): void => keysIn(typed).forEach(view.key)
    return { output, view, type, asked, quits: () => quits }
  }

  test('shows the cursor again when it closes, and is closed only once', () => {
    const { output, view } = opened()
    view.close()
    view.close()
    expect(output.text.split(SHOW_CURSOR)).toHaveLength(2)
    expect(output.text.endsWith(SHOW_CURSOR)).toBe(true)
  })

  test('has no colour unless it may, and then only repeats what is said', () => {
    const [plain, colorful] = [false, true].map((color) => {
      const { output, view } = opened(color)
      for (const item of itemsOf(ANSWER)) view.take(item)
      view.close()
      return output.text
    })
    expect(plain).not.toMatch(COLOR)
    expect(colorful).toMatch(COLOR)
    expect(colorful?.replaceAll(COLOR, '')).toBe(plain)
  })

  test('keeps lines in a pause, and shows them when it is over', () => {
    const { output, view } = opened()
    view.key(' ')
    for (const item of itemsOf(ANSWER)) view.take(item)
    view.key(' ')
    view.close()
    expect(output.text).toContain('POST /v1/chat')
  })

  test('shows one layer, bytes, and explanations when it is told to', () => {
    const { output, view } = opened()
    for (const key of 'lllhe') view.key(key)
    for (const item of itemsOf(ANSWER)) view.take(item)
    view.key('e')
    view.close()
    expect(output.text).toContain('(no answer yet)')
    expect(output.text).toContain('│HTTP/1.1·200·OK')
    expect(output.text).toContain('chunked chunk-size')
    expect(output.text).toContain('▼chunk')
    expect(output.text).not.toContain('▼sse')
  })

  test('asks for a recording', () => {
    const { type, asked } = opened()
    type('rr')
    expect(asked).toEqual(['record', 'record'])
  })

  test('asks for the faults that are typed, beginning with those there are', () => {
    const { output, view, type, asked } = opened()
    type('f,delay=5ms\r')
    type('f\u0015\r')
    view.close()
    expect(asked).toEqual(['faults gzip,delay=5ms', 'faults '])
    expect(output.text).toContain('gzip,delay=5ms from the next request on.')
    expect(output.text).toContain('No faults from the next request on.')
  })

  test('says what is wrong with faults, and lets them be mended or left', () => {
    const { type, asked } = opened()
    type('f\u0015nonsense\r')
    expect(asked).toEqual([])
    type('\u0015cr\r')
    type('fx\u001b')
    type('r')
    expect(asked).toEqual(['faults cr', 'record'])
  })

  test('takes nothing that is typed for a key while faults are typed, but Ctrl-C', () => {
    const { type, asked, quits } = opened()
    type('fqr')
    expect([asked, quits()]).toEqual([[], 0])
    type('\u0003')
    expect(quits()).toBe(1)
  })

  test('prints what it is to say, however long it is', () => {
    const { output, view } = opened()
    view.say(`Recording to ${'x'.repeat(100)}, secrets as stars`)
    view.close()
    for (const line of output.text.replaceAll(new RegExp(`${ESC}[^A-Za-z]*[A-Za-z]`, 'g'), '').split('\n'))
      expect(textWidth(line)).toBeLessThanOrEqual(80)
  })

  test('prints it as far in as it begins, on each of its lines', () => {
    const { output, view } = opened()
    view.say(`  ${'word '.repeat(20).trim()}`)
    view.close()
    const said = output.text.replaceAll(new RegExp(`${ESC}[^A-Za-z]*[A-Za-z]`, 'g'), '').split(/[\r\n]+/)
    expect(said.filter((line) => line.includes('word')).map((line) => line.search(/\S/))).toEqual([2, 4])
  })

  test.each(['q', '\u0003'])('is left by %j', (key) => {
    const { view, quits } = opened()
    view.key(key)
    view.key('toString')
    expect(quits()).toBe(1)
  })
})

test('A note that is told before what it is about does not make time go backwards', () => {
  const output = screen()
  const view = createPlainView(output)
  view.take({ kind: 'note', at: 9, connection: 1, text: 'cannot be reached' })
  view.take({ kind: 'error', at: 2, connection: 1, code: 'TCP_REFUSED' })
  view.close()
  expect(output.text).toContain('TCP_REFUSED')
  expect(output.text).not.toContain('+-')
})
