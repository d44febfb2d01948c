import { clipped, padded } from '@sse-from-scratch/llm-stream/terminal'
import { wrap } from '../format.ts'
import type { ReadItem } from '../proxy/item.ts'
import type { Direction } from '../span.ts'
import type { Exchanges } from './exchanges.ts'
import type { Group } from './group.ts'
import { createHeadings } from './headings.ts'
import { hexRows } from './hex-rows.ts'
import { type Row, type RowLayer, rowsOf } from './rows.ts'

/** Which rows are shown. */
export type Shown = 'all' | Exclude<RowLayer, 'error'>

/** How the rows of a table are drawn. */
export interface TableOptions {
  readonly columns: number
  readonly shown: Shown
  readonly hex: boolean
  /** Puts a line into the colour of a layer. */
  readonly paint: (layer: RowLayer, line: string) => string
}

export interface Table {
  /** The names of the columns. */
  head(options: TableOptions): string
  /** The lines of a group, and what it belongs to in front of them where that has changed. */
  lines(group: Group, options: TableOptions): readonly string[]
}

/** Below that the bytes have no room. */
export const WIDE: number = 64
const WIDTHS = { time: 8, gap: 7, label: 6, bytes: 16 }
/** Cells in front of what a row says. */
const LEFT = WIDTHS.time + WIDTHS.gap + WIDTHS.label + 2
const HEX_ROWS = 8

const LABELS: Readonly<Record<RowLayer, string>> = {
  tcp: 'tcp',
  http: 'http',
  chunked: 'chunk',
  sse: 'sse',
  llm: 'llm',
  body: 'body',
  error: '',
}
const ARROWS: Readonly<Record<Direction, string>> = { up: '▲', down: '▼' }

/** Turns groups into lines: time since the request, time since the line before, layer, what, and which bytes. */
export function createTable(exchanges: Exchanges): Table {
  const headings = createHeadings(exchanges)

  function lines(group: Group, options: TableOptions): readonly string[] {
    const heading = headings.of(group)
    const rows = rowsOf(group).filter(({ layer }) => isShown(layer, options.shown))
    const hex = options.hex && group.cause.kind === 'read' ? hexOf(group.cause, options.columns) : []
    if (rows.length === 0 && hex.length === 0) return []
    const [time, gap] = headings.timesOf(group)
    const drawn = rows.flatMap((row, n) => draw(row, n === 0 ? time : '', n === 0 ? gap : '', options))
    return [...(heading === undefined ? [] : [clipped(heading, options.columns)]), ...drawn, ...hex]
  }

  return { head: ({ columns }) => lineOf(['t ms', 'gap', ' layer', 'what', 'bytes'], columns), lines }
}

function isShown(layer: RowLayer, shown: Shown): boolean {
  return shown === 'all' || layer === 'error' || layer === shown
}

/** A row is a line, but for what is wrong: that is said in full. */
function draw(row: Row, time: string, gap: string, { columns, paint }: TableOptions): readonly string[] {
  const { layer, direction, what, short = what, range } = row
  const label = (direction ? ARROWS[direction] : ' ') + LABELS[layer]
  const bytes = range ? `[${range[0]},${range[1]})` : ''
  if (layer !== 'error')
    return [paint(layer, lineOf([time, gap, label, columns < WIDE ? short : what, bytes], columns))]
  const [first = '', ...more] = wrap(what, columns - LEFT)
  const lines = [`${leftOf(time, gap, label)}${first}`, ...more.map((line) => ' '.repeat(LEFT) + line)]
  return lines.map((line) => paint(layer, clipped(line, columns)))
}

type Cells = readonly [time: string, gap: string, label: string, what: string, bytes: string]

function lineOf([time, gap, label, what, bytes]: Cells, columns: number): string {
  const left = leftOf(time, gap, label)
  if (columns < WIDE) return clipped(`${left}${what}`, columns)
  return `${left}${padded(what, columns - LEFT - WIDTHS.bytes - 1)} ${bytes}`.trimEnd()
}

function leftOf(time: string, gap: string, label: string): string {
  return `${time.padStart(WIDTHS.time)}${gap.padStart(WIDTHS.gap)} ${label.padEnd(WIDTHS.label)} `
}

function hexOf({ bytes, range }: ReadItem, columns: number): readonly string[] {
  return bytes ? hexRows(bytes, range[0], columns, HEX_ROWS) : []
}
