import { textWidth } from '@sse-from-scratch/llm-stream/terminal'
import type { Row } from './rows.ts'

export interface Layout {
  readonly columns: number
  /** Digits of an offset. */
  readonly offset: number
  /** Bytes of an element that are shown. */
  readonly bytes: number
  /** Whether there is room to say the layer besides the element. */
  readonly layers: boolean
}

const MAX_BYTES = 16
const MIN_BYTES = 3
const ENOUGH_BYTES = 8 // with fewer, the layer's name is not worth its room

/** Hex takes three columns of a byte and text one; the longest name decides how many bytes that leaves room for. */
export function layoutOf(rows: readonly Row[], length: number, columns: number): Layout {
  const offset = Math.max(4, length.toString(16).length)
  const room = (layers: boolean): number => {
    const name = rows.reduce((longest, row) => Math.max(longest, nameOf(row, 0, layers).length), 0)
    return Math.floor((columns - offset - name - 4) / 4)
  }
  const layers = room(true) >= ENOUGH_BYTES
  return { columns, offset, layers, bytes: Math.min(MAX_BYTES, Math.max(MIN_BYTES, room(layers))) }
}

/** `002a  43 6f … 6e │Co…n  http field-name, 14 B` */
export function formatRow(row: Row, bytes: Uint8Array, layout: Layout): string {
  const cells = cellsOf(bytes.subarray(row.start, row.end), layout.bytes)
  const hex = cells.map((byte) => (byte === undefined ? '… ' : HEX[byte])).join(' ')
  const text = cells.map((byte) => (byte === undefined ? '…' : PICTURES[byte])).join('')
  const offset = row.start.toString(16).padStart(layout.offset, '0')
  const dump = `${offset}  ${hex.padEnd(layout.bytes * 3)}│${text.padEnd(layout.bytes)} `
  return dump + cutName(nameOf(row, layout.bytes, layout.layers), layout.columns - dump.length)
}

/** The bytes that are shown; `undefined` stands for those in the middle for which there is no room. */
function cellsOf(bytes: Uint8Array, room: number): (number | undefined)[] {
  if (bytes.length <= room) return [...bytes]
  const behind = Math.floor((room - 1) / 3)
  return [...bytes.subarray(0, room - 1 - behind), undefined, ...bytes.subarray(bytes.length - behind)]
}

/** The element, of which layer, and its length if not all of it is shown. */
function nameOf({ start, end, layer, element }: Row, shown: number, layers: boolean): string {
  const size = end - start
  return `${layers ? `${layer} ` : ''}${element}${size > shown ? `, ${size} B` : ''}`
}

/** Cuts a name where that hurts least: in front. Its end says the length. */
function cutName(name: string, columns: number): string {
  return name.length <= columns ? name : `…${name.slice(name.length - columns + 1)}`
}

function pictureOf(byte: number): string {
  if (byte === 0x20) return '·'
  if (byte === 0x7f) return '␡'
  if (byte > 0x7f) return '▒'
  return String.fromCharCode(byte < 0x20 ? 0x2400 + byte : byte)
}

const EVERY_BYTE = Array.from({ length: 256 }, (_, byte) => byte)
const HEX = EVERY_BYTE.map((byte) => byte.toString(16).padStart(2, '0'))
const PICTURES = EVERY_BYTE.map(pictureOf)

/** Breaks a line between words, and a word that is too long wherever it must. Widths are those of a terminal. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  let width = 0
  for (const word of text.split(' ')) {
    const size = widthOf(word)
    if (line !== '' && width + 1 + size <= columns) {
      line += ` ${word}`
      width += 1 + size
      continue
    }
    if (line !== '') lines.push(line)
    const start = lines.length === 0 ? word : INDENT + word
    line = breakWord(start, columns, lines)
    width = widthOf(line)
  }
  return line === '' ? lines : [...lines, line]
}

const INDENT = '  '

/** Nearly all of it is ASCII, of which each character takes a cell; to look for wide ones takes long. */
function widthOf(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : textWidth(text)
}

/** Cuts between characters; returns what is left for the last line. */
function breakWord(text: string, columns: number, lines: string[]): string {
  if (widthOf(text) <= columns) return text
  let line = ''
  for (const char of text) {
    if (widthOf(line + char) > columns) {
      lines.push(line)
      line = INDENT
    }
    line += char
  }
  return line
}
