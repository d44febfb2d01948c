import type { DirectRow, Report } from './compare.ts'
import type { Traffic } from './line.ts'
import type { ProxyResult, ProxyRow } from './proxies.ts'

/** Rows of text under a head. */
export interface Table {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** The report as a reader sees it. */
export function tablesOf({ direct, proxies }: Report): Table[] {
  const tables = [quietTable(direct), cutTable(direct)]
  return proxies === undefined ? tables : [...tables, proxyTable(proxies)]
}

function quietTable(rows: readonly DirectRow[]): Table {
  return {
    title: 'In peace',
    head: [
      'transport',
      'late, p50',
      'late, p99',
      'bytes an event, up',
      'bytes an event, down',
      'requests per 100 events',
      'bytes a silent minute, up',
      'bytes a silent minute, down',
    ],
    rows: rows.map(({ name, latency, bytesPerEvent, requestsPer100Events, silencePerMinute }) => [
      name,
      milliseconds(latency.p50),
      milliseconds(latency.p99),
      ...both(bytesPerEvent),
      `${requestsPer100Events}`,
      ...both(silencePerMinute),
    ]),
  }
}

function cutTable(rows: readonly DirectRow[]): Table {
  return {
    title: 'When the line is cut',
    head: ['transport', 'events missed', 'events doubled', 'back after, median', 'back after, worst'],
    rows: rows.map(({ name, missed, doubled, recovery }) => [
      name,
      `${missed}`,
      `${doubled}`,
      milliseconds(recovery.median),
      milliseconds(recovery.max),
    ]),
  }
}

function proxyTable(rows: readonly ProxyRow[]): Table {
  return {
    title: 'Through nginx',
    head: ['transport', 'stock', 'with what it needs', 'silent past the read timeout', 'the same with heartbeats'],
    rows: rows.map(({ name, results }) => [
      name,
      passage(results.stock),
      passage(results.fitted),
      survival(results.silent),
      survival(results['silent with heartbeats']),
    ]),
  }
}

/** What came, and how late; or why nothing did. */
function passage({ heard, published, latency, trouble }: ProxyResult): string {
  if (heard === published) return `${milliseconds(latency)} late`
  if (heard > 0) return `${heard} of ${published}`
  const status = /\b[45]\d\d\b/.exec(trouble ?? '')?.[0]
  return status === undefined ? `held back: 0 of ${published}` : `refused: ${status}`
}

/** How many requests it took, and what was lost on the way. */
function survival({ heard, published, requests }: ProxyResult): string {
  return `${requests} ${requests === 1 ? 'request' : 'requests'}, ${heard} of ${published} heard`
}

function both({ up, down }: Traffic): [up: string, down: string] {
  return [up.toLocaleString('en'), down.toLocaleString('en')]
}

/** As exact as anybody needs it. */
function milliseconds(value: number): string {
  if (Number.isNaN(value)) return '–'
  return `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en')} ms`
}

/** Aligned columns, for a terminal; heads of several words on several lines. */
export function asText({ title, head, rows }: Table): string {
  const heads = head.map(splitHead)
  const height = Math.max(...heads.map(({ length }) => length))
  const headRows = Array.from({ length: height }, (_, line) => heads.map((lines) => lines[line] ?? ''))
  const all = [...headRows, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('   ')
  return [title, ...headRows.map(line), '', ...rows.map(line), ''].join('\n')
}

/** A head in lines of at most 14 characters, as far as its words allow. */
function splitHead(head: string): string[] {
  const lines: string[] = []
  for (const word of head.split(' ')) {
    const joined = `${lines.at(-1) ?? ''} ${word}`.trim()
    if (lines.length > 0 && joined.length <= 14) lines[lines.length - 1] = joined
    else lines.push(word)
  }
  return lines
}

/** The same for a page of the documentation. */
export function asMarkdown({ title, head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'))
  return [`### ${title}`, '', line(head), `|${rule.join('|')}|`, ...rows.map(line), ''].join('\n')
}
