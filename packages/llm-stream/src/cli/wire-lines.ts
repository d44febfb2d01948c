import { createSanitizer } from '../terminal/sanitize.ts'
import type { Wire } from './wire.ts'

/** Of the lines that are shown, how many are of the beginning. */
const HEAD_SHARE = 0.8

/** One line of a wire. */
export interface WireLine {
  /** When it came, in front of the first line of each read, and which way. */
  readonly margin: string
  readonly text: string
}

/** Cells of every margin. */
export const MARGIN = 11

/**
 * What went over a wire, a line each: `>` was sent, `<` came. Line ends are where the bytes have them. Of more than `limit`
 * lines the middle is left out; 0 is no limit.
 */
export function wireLines({ entries }: Wire, limit: number): readonly WireLine[] {
  const safe = { up: createSanitizer(), down: createSanitizer() }
  const utf8 = { up: new TextDecoder(), down: new TextDecoder() }
  const lines: WireLine[] = []
  for (const entry of entries) {
    if (entry.kind !== 'bytes') continue
    const text = safe[entry.direction](utf8[entry.direction].decode(entry.bytes, { stream: true }))
    const arrow = entry.direction === 'up' ? '>' : '<'
    const shown = text.endsWith('\n') ? text.slice(0, -1) : text
    shown.split('\n').forEach((line, i) => {
      const time = i === 0 ? `${entry.at.toFixed(0)} ms` : ''
      lines.push({ margin: `${time.padStart(MARGIN - 3)} ${arrow} `, text: line })
    })
  }
  return shortened(lines, limit)
}

function shortened(lines: readonly WireLine[], limit: number): readonly WireLine[] {
  if (limit === 0 || lines.length <= limit) return lines
  const head = Math.max(1, Math.round((limit - 1) * HEAD_SHARE))
  const tail = Math.max(0, limit - 1 - head)
  const left = { margin: ' '.repeat(MARGIN), text: `… ${lines.length - head - tail} lines more …` }
  return [...lines.slice(0, head), left, ...lines.slice(lines.length - tail)]
}
