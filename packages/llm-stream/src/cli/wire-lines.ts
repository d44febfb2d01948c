import { createSanitizer } from '../terminal/sanitize.ts'
import type { Wire } from './wire.ts'

/** Lines of a wire that are shown of its beginning, for each one of its end. */
const HEAD_SHARE = 0.7

/**
 * What went over a wire, a line each, with the time of its read in front of the first line of each read: `>` was sent,
 * `<` came. Line ends are where the bytes have them. Of more than `limit` lines the middle is left out; 0 is no limit.
 */
export function wireLines({ entries }: Wire, limit: number): readonly string[] {
  const safe = { up: createSanitizer(), down: createSanitizer() }
  const utf8 = { up: new TextDecoder(), down: new TextDecoder() }
  const lines: string[] = []
  for (const entry of entries) {
    if (entry.kind !== 'bytes') continue
    const text = safe[entry.direction](utf8[entry.direction].decode(entry.bytes, { stream: true }))
    const arrow = entry.direction === 'up' ? '>' : '<'
    const shown = text.endsWith('\n') ? text.slice(0, -1) : text
    shown.split('\n').forEach((line, i) => {
      const time = i === 0 ? `${entry.at.toFixed(0)} ms` : ''
      lines.push(`${time.padStart(8)} ${arrow} ${line}`)
    })
  }
  return shortened(lines, limit)
}

function shortened(lines: readonly string[], limit: number): readonly string[] {
  if (limit === 0 || lines.length <= limit) return lines
  const head = Math.max(1, Math.round((limit - 1) * HEAD_SHARE))
  const tail = Math.max(0, limit - 1 - head)
  const left = lines.length - head - tail
  return [...lines.slice(0, head), `         … ${left} lines more …`, ...lines.slice(lines.length - tail)]
}
