import type { RecordedRead, Recording } from '@sse-from-scratch/llm-stream/recording'
import type { Finding } from '../finding.ts'
import { createXray } from '../xray.ts'
import type { Exchange } from './exchange.ts'
import { exchangesIn } from './exchanges.ts'
import { bytes, cell, code, milliseconds } from './markdown-text.ts'

/** Rows of a table that are shown: the first, and the last. */
const [FIRST, LAST] = [150, 50]

/** The recording as a report in Markdown: what was asked, how it ended, and for each read what it brought. */
export async function toMarkdown(recording: Recording): Promise<string> {
  const { head, entries, cut } = recording
  const exchanges = exchangesIn(recording)
  const numbers = [...new Set(entries.map(({ connection }) => connection))]
  const title = `# ${cell(head.target)}, recorded ${cell(head.startedAt)}`
  const missing = cut ? ['The recording was cut in the middle of its last line.'] : []
  const connections = await Promise.all(numbers.map((number) => connectionOf(number, entries)))
  return `${[title, ...missing, overview(exchanges), ...connections].join('\n\n')}\n`
}

function overview(exchanges: readonly Exchange[]): string {
  if (exchanges.length === 0) return 'There is no HTTP/1 exchange in it.'
  const rows = exchanges.map((exchange, index) => {
    const { connection, request, response } = exchange
    const { method, target } = request.head ?? { method: '', target: '' }
    const first = response ? milliseconds(response.beganAt - request.endedAt) : '–'
    const all = response ? milliseconds(response.endedAt - request.endedAt) : '–'
    const asked = code(`${method} ${target.split('?')[0]}`)
    const status = response?.head ? `${response.head.status} ${cell(response.head.reason)}`.trim() : '–'
    const size = response ? bytes(response.wireSize) : '–'
    return `| ${index + 1} | ${connection} | ${asked} | ${status} | ${first} | ${all} | ${size} | ${endOf(exchange)} |`
  })
  return [
    '| # | connection | request | status | first byte | last byte | size | end |',
    '|--:|--:|---|---|--:|--:|--:|---|',
    ...rows,
  ].join('\n')
}

const ENDS = { complete: 'whole', cut: 'cut short', broken: 'unreadable', open: 'not there' } as const

function endOf({ response, failure }: Exchange): string {
  const end = response ? ENDS[response.end] : 'no answer'
  return failure === undefined ? end : `${end} (${cell(failure)})`
}

async function connectionOf(number: number, all: readonly RecordedRead[]): Promise<string> {
  const entries = all.filter(({ connection }) => connection === number)
  const findings: Finding[] = []
  const xray = createXray(
    () => {},
    (finding) => findings.push(finding),
  )
  const rows: string[] = []
  let before: number | undefined
  for (const entry of entries) {
    if (entry.kind === 'bytes') xray.push(entry.direction, entry.bytes)
    if (entry.kind === 'fin' || entry.kind === 'reset') xray.end(entry.direction)
    await xray.settled() // compressed content is told of by then
    const gap = before === undefined ? '' : `+${milliseconds(entry.at - before)}`
    before = entry.at
    const found = findings.splice(0).filter(isTold)
    const what = [whatOf(entry), ...found.map(summaryOf)].filter((text) => text !== '')
    rows.push(`| ${milliseconds(entry.at)} | ${gap} | ${wayOf(entry)} | ${what.join('<br>')} |`)
  }
  return [`## Connection ${number}`, '', '| at | gap | | what |', '|--:|--:|---|---|', ...elided(rows)].join('\n')
}

function elided(rows: readonly string[]): readonly string[] {
  if (rows.length <= FIRST + LAST) return rows
  return [...rows.slice(0, FIRST), `| | | | … ${rows.length - FIRST - LAST} more … |`, ...rows.slice(-LAST)]
}

function wayOf(entry: RecordedRead): string {
  if (!('direction' in entry)) return ''
  const arrow = entry.direction === 'up' ? '▲' : '▼'
  return entry.kind === 'bytes' ? `${arrow} ${bytes(entry.bytes.length)}` : arrow
}

function whatOf(entry: RecordedRead): string {
  switch (entry.kind) {
    case 'open':
      return `connected${entry.address === undefined ? '' : ` to ${cell(entry.address)}`}${entry.tls === undefined ? '' : `, ${cell(entry.tls)}`}`
    case 'bytes':
      return ''
    case 'fin':
      return '**FIN**'
    case 'reset':
      return '**RST**'
    case 'error':
      return `**${cell(entry.code)}**`
    case 'stall':
      return `silence for ${milliseconds(entry.milliseconds)}, and then the recording ends`
    case 'gap':
      return `${bytes(entry.size)} were not recorded`
    case 'wait':
      return `waited ${milliseconds(entry.milliseconds)} until the ${entry.direction === 'up' ? 'server' : 'client'} took more`
  }
}

/** Chunks are framing, and an event that adds text to an answer is told by that text: a report is about what is carried. */
function isTold({ kind }: Finding, index: number, all: readonly Finding[]): boolean {
  return kind !== 'chunk' && !(kind === 'event' && all[index + 1]?.kind === 'delta')
}

function summaryOf({ kind, summary }: Finding): string {
  if (kind === 'error' || kind === 'unfinished') return `**${kind}**: ${cell(summary)}`
  return `${kind} ${code(summary)}`
}
