import { wrap } from '../../packages/wire-xray/src/format.ts'
import { ELEMENTS, type Span } from '../../packages/wire-xray/src/index.ts'
import { type ReadingOptions, readBytes } from '../../packages/wire-xray/src/reading.ts'
import { type Row, rowsOf } from '../../packages/wire-xray/src/rows.ts'
import { CELL, CELL_HEIGHT, cell, type Drawing, MARGIN, TOP, text, WIDTH } from './poster-svg.ts'

const BYTES_IN_A_LINE = 12
const BYTES_AT = MARGIN + 52
const NAMES_AT = BYTES_AT + BYTES_IN_A_LINE * CELL + 18
const CHARACTERS_IN_A_LINE = 76 // of 12 px, in what is left of the width
const LINE = 15
const GAP = 8

/** A row for each element that `explain` has a row for, with all of its bytes, and its meaning the first time. */
export function drawBytes(bytes: Uint8Array, options: ReadingOptions): Drawing {
  const { spans } = readBytes(bytes, options)
  const met = new Set<string>()
  const parts: string[] = []
  let y = TOP
  for (const row of rowsOf(spans)) {
    const known = met.has(keyOf(row))
    met.add(keyOf(row))
    const { parts: drawn, height } = drawRow(row, bytes, spans, y, known ? [] : meaningOf(row))
    parts.push(...drawn)
    y += height + GAP
  }
  const { parts: footnotes, height } = drawPunctuation(spans, met, y + 8)
  return { parts: [...parts, ...footnotes], height: y + 8 + height }
}

function drawRow(
  row: Row,
  bytes: Uint8Array,
  spans: readonly Omit<Span, 'direction'>[],
  y: number,
  meaning: readonly string[],
): Drawing {
  const lines = Math.ceil((row.end - row.start) / BYTES_IN_A_LINE)
  const height = Math.max(lines * CELL_HEIGHT, 22 + meaning.length * LINE)
  const cells = Array.from(bytes.subarray(row.start, row.end), (byte, at) =>
    cell(
      BYTES_AT + (at % BYTES_IN_A_LINE) * CELL,
      y + Math.floor(at / BYTES_IN_A_LINE) * CELL_HEIGHT,
      byte,
      elementAt(spans, row.start + at) !== row.element,
    ),
  )
  const parts = [
    text(MARGIN, y + 15, row.start.toString(16).padStart(4, '0'), 'small'),
    `<rect x="${BYTES_AT - 7}" y="${y}" width="4" height="${lines * CELL_HEIGHT}" class="${row.layer}"/>`,
    ...cells,
    `<text x="${NAMES_AT}" y="${y + 14}"><tspan class="name ${row.layer}">${row.layer} ${row.element}</tspan><tspan class="quiet">${lengthIn(row, bytes)}</tspan></text>`,
    ...meaning.map((line, at) => text(NAMES_AT, y + 14 + (at + 1) * LINE, line, 'quiet')),
  ]
  return { parts, height }
}

/** What has a dashed frame in the rows above, and was not said there. */
function drawPunctuation(spans: readonly Omit<Span, 'direction'>[], met: ReadonlySet<string>, y: number): Drawing {
  const marks = new Map(spans.filter((span) => !met.has(keyOf(span))).map((span) => [keyOf(span), span]))
  const parts = [
    `<path class="line" d="M${MARGIN} ${y}H${WIDTH - MARGIN}"/>`,
    text(MARGIN, y + 22, 'In dashed frames, behind what they belong to:', 'quiet'),
  ]
  let line = y + 22
  for (const mark of marks.values()) {
    line += LINE + 3
    const meaning = `${ELEMENTS[mark.layer][mark.element]}`
    parts.push(
      `<text x="${MARGIN}" y="${line}"><tspan class="name ${mark.layer}">${mark.layer} ${mark.element}</tspan><tspan class="quiet"> ${meaning}</tspan></text>`,
    )
  }
  return { parts, height: line - y + 20 }
}

function keyOf({ layer, element }: Pick<Span, 'layer' | 'element'>): string {
  return `${layer} ${element}`
}

function meaningOf({ layer, element }: Row): readonly string[] {
  return wrap(unbroken(ELEMENTS[layer][element] ?? ''), CHARACTERS_IN_A_LINE)
}

/** A line does not end inside the name of a section. */
function unbroken(meaning: string): string {
  return meaning.replaceAll(/\([^)]*\)/g, (section) => section.replaceAll(' ', '\u00a0'))
}

/** A chunk-size is a number; it is not said in the way people read numbers. */
function lengthIn({ element, start, end }: Row, bytes: Uint8Array): string {
  if (element !== 'chunk-size') return ''
  const size = Number.parseInt(new TextDecoder().decode(bytes.subarray(start, end)), 16)
  return size === 0 ? ' = 0: the last chunk' : ` = ${size} ${size === 1 ? 'byte' : 'bytes'}`
}

function elementAt(spans: readonly Omit<Span, 'direction'>[], at: number): string | undefined {
  return spans.find(({ start, end }) => start <= at && at < end)?.element
}
