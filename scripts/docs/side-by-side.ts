import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  anthropic,
  LlmError,
  type LlmEvent,
  openai,
  openaiResponses,
  type Provider,
} from '../../packages/llm-stream/src/index.ts'
import { createEventDecoder, type ServerSentEvent } from '../../packages/sse-client/src/decoder.ts'
import { abridged } from './abridged.ts'

const PAGE = fileURLToPath(new URL('../../docs/openai-and-anthropic.md', import.meta.url))
const TRANSCRIPTS = '../packages/llm-stream/test/transcripts'

const formats: Readonly<Record<string, Provider>> = {
  openai: openai(),
  'openai-responses': openaiResponses(),
  anthropic: anthropic(),
}
const titles: Readonly<Record<string, string>> = {
  openai: 'Chat Completions',
  'openai-responses': 'Responses',
  anthropic: 'Messages',
}

/** Transcripts are in a folder of their format. */
function familyOf(name: string): string {
  return name.split('/')[0] ?? ''
}

/** The same thing happening in each format: transcripts by scene. The page has a mark for each of them. */
const scenes: Readonly<Record<string, readonly string[]>> = {
  text: ['openai/plain', 'openai-responses/plain', 'anthropic/plain'],
  calls: ['openai/two-calls', 'openai-responses/reasoning-and-calls', 'anthropic/thinking-and-calls'],
  limit: ['openai/length-in-a-call', 'openai-responses/incomplete-call', 'anthropic/max-tokens-in-a-call'],
  error: ['openai/error-in-band', 'openai-responses/failed', 'anthropic/error-in-band'],
}

/** The page with its tables as they have to be, and whether they are like that already. */
export function sideBySide(): { readonly page: string; readonly text: string; readonly upToDate: boolean } {
  const old = readFileSync(PAGE, 'utf8')
  const text = Object.entries(scenes).reduce((page, [scene, names]) => withTable(page, scene, tableOf(names)), old)
  return { page: PAGE, text, upToDate: text === old }
}

function withTable(page: string, scene: string, table: string): string {
  const [begin, end] = [`<!-- ${scene}: npm run docs:llm makes it -->`, `<!-- /${scene} -->`]
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from === -1 || to < from) throw new Error(`${PAGE} has no place for ${scene}: ${begin} … ${end}`)
  return `${page.slice(0, from + begin.length)}\n\n${table}\n${page.slice(to)}`
}

/** One event of the wire, and what it means. */
interface Step {
  readonly cell: string
  /** Steps of the same rank stand side by side. */
  readonly rank: number
}

function tableOf(names: readonly string[]): string {
  const links = names.map((name) => `[${titles[familyOf(name)]}](${TRANSCRIPTS}/${name}.txt)`)
  const rows = rowsOf(names.map(stepsOf)).map((row) => row.map((step) => step?.cell ?? ''))
  return [links, names.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

/** Puts the columns side by side: what means the least advanced thing comes next, in all columns where it is next. */
function rowsOf(columns: readonly (readonly Step[])[]): (Step | undefined)[][] {
  const at = columns.map(() => 0)
  const rows: (Step | undefined)[][] = []
  while (columns.some((steps, column) => (at[column] ?? 0) < steps.length)) {
    const next = columns.map((steps, column) => steps[at[column] ?? 0])
    const rank = Math.min(...next.map((step) => step?.rank ?? Number.POSITIVE_INFINITY))
    const row = next.map((step) => (step?.rank === rank ? step : undefined))
    row.forEach((step, column) => {
      if (step) at[column] = (at[column] ?? 0) + 1
    })
    rows.push(row)
  }
  return rows
}

/** Every event of a transcript, with what its mapper says to it. */
function stepsOf(name: string): Step[] {
  const mapper = formats[familyOf(name)]?.createMapper()
  if (!mapper) throw new Error(`no format for ${name}`)
  return eventsIn(name).map((event) => {
    const wasDone = mapper.done
    const { events, failure } = mapped(() => mapper.map(event))
    const meaning = [...events.map(inWords), ...failure, ...(mapper.done && !wasDone ? ['**complete**'] : [])]
    const cell = [abridged(event), ...meaning.map((words) => `→ ${words}`)].join('<br>')
    return { cell, rank: rankOf(events, failure.length > 0, mapper.done) }
  })
}

function eventsIn(name: string): ServerSentEvent[] {
  const file = readFileSync(new URL(`../../packages/llm-stream/test/transcripts/${name}.txt`, import.meta.url))
  const events: ServerSentEvent[] = []
  createEventDecoder().push(file.subarray(file.indexOf(0x0a) + 1), (item) => {
    if (item.kind === 'event') events.push(item.event)
  })
  return events
}

function mapped(map: () => readonly LlmEvent[]): { events: readonly LlmEvent[]; failure: readonly string[] } {
  try {
    return { events: map(), failure: [] }
  } catch (error) {
    if (!(error instanceof LlmError)) throw error
    return { events: [], failure: [`**\`${error.code}\`**`] }
  }
}

const ranks: Readonly<Record<LlmEvent['kind'], number>> = {
  start: 1,
  reasoning: 2,
  text: 3,
  refusal: 3,
  citation: 3,
  'tool-call': 4,
  turn: 5,
  stop: 5,
  usage: 5,
}

/** Events that mean nothing stand beside each other, before what comes next. */
function rankOf([first]: readonly LlmEvent[], failed: boolean, done: boolean): number {
  if (failed) return 6
  if (first?.kind === 'tool-call') return ranks[first.kind] + first.index / 10
  if (first) return ranks[first.kind]
  return done ? 7 : 0
}

function inWords(event: LlmEvent): string {
  switch (event.kind) {
    case 'start':
      return `start ${code(event.id)}`
    case 'text':
    case 'reasoning':
    case 'refusal':
      return `${event.kind} ${code(JSON.stringify(event.text))}`
    case 'tool-call': {
      const { index, id = '', name = '', arguments: text } = event
      const news = [id, name, text].filter((part) => part !== '')
      return `tool-call ${index}${news.length > 0 ? ` ${code(news.join(' '))}` : ''}`
    }
    case 'usage': {
      const { inputTokens, outputTokens, totalTokens } = event.usage
      return `usage ${inputTokens} + ${outputTokens} = ${totalTokens}`
    }
    case 'stop':
      return `stop ${code(`${event.reason}`)}`
    case 'citation':
    case 'turn':
      return event.kind
  }
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``
}
