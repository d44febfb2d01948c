import type { Ratio, Result, SkippedRace } from './race.ts'

const GREEN = 32
const RED = 31
const COLUMNS = { title: 46, ours: 14, against: 30, ratio: 9, spread: 8 }

export function headline(): string {
  return line('', 'ours', 'against', 'ratio', 'spread', 'goal')
}

/** A line for each ratio; the first one says what was measured. */
export function linesOf(result: Result | SkippedRace, colors: boolean): string[] {
  if ('skipped' in result) return [line(result.title, 'skipped', result.skipped, '', '', '')]
  return result.ratios.map((ratio, index) =>
    line(
      index === 0 ? result.title : '',
      index === 0 ? quantity(result.ours, result.unit) : '',
      ratio.kind === 'limit' ? `limit: ${ratio.against}` : ratio.against,
      `${significant(ratio.ratio)} x`,
      `± ${Math.round(ratio.spread * 100)} %`,
      verdict(ratio, colors),
    ),
  )
}

function verdict({ goal, ratio }: Ratio, colors: boolean): string {
  if (goal === undefined) return ''
  const reached = ratio >= goal
  const text = `>= ${goal} ${reached ? 'reached' : 'MISSED'}`
  return colors ? `\u001b[${reached ? GREEN : RED}m${text}\u001b[39m` : text
}

function line(title: string, ours: string, against: string, ratio: string, spread: string, goal: string): string {
  const cells = [
    title.padEnd(COLUMNS.title),
    ours.padStart(COLUMNS.ours),
    `   ${against.padEnd(COLUMNS.against)}`,
    ratio.padStart(COLUMNS.ratio),
    spread.padStart(COLUMNS.spread),
    `   ${goal}`,
  ]
  return cells.join('').trimEnd()
}

const BYTE_UNITS = ['B/s', 'kB/s', 'MB/s', 'GB/s']

/** 1234567 "B/s" -> "1.23 MB/s"; other units are counted in thousands as k and M. */
export function quantity(value: number, unit: string): string {
  const steps = unit === 'B/s' ? BYTE_UNITS : [unit, `k ${unit}`, `M ${unit}`, `G ${unit}`]
  const step = Math.min(steps.length - 1, Math.max(0, Math.floor(Math.log10(value) / 3)))
  return `${significant(value / 1000 ** step)} ${steps[step]}`
}

/** Three digits that mean something. */
function significant(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
