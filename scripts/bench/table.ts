import type { Delay } from './delay.ts'
import type { Ratio, Result, SkippedRace } from './race.ts'
import type { Weight } from './weigh.ts'

const GREEN = 32
const RED = 31
const COLUMNS = { title: 46, ours: 14, against: 30, ratio: 9, spread: 8 }

export function headline(): string {
  return line('', 'ours', 'against', 'ratio', 'spread', 'goal')
}

/** A line for each ratio; the first one says what was measured. */
export function linesOf(result: Result | SkippedRace | Weight | Delay, colors: boolean): string[] {
  if ('skipped' in result) return [line(result.title, 'skipped', result.skipped, '', '', '')]
  if ('bytes' in result) return linesOfWeight(result, colors)
  if ('above' in result) return linesOfDelay(result, colors)
  return result.ratios.map((ratio, index) =>
    line(
      index === 0 ? result.title : '',
      index === 0 ? quantity(result.ours, result.unit) : '',
      ratio.kind === 'limit' ? `limit: ${ratio.against}` : ratio.against,
      `${decisive(ratio)} x`,
      `± ${Math.round(ratio.spread * 100)} %`,
      verdict(ratio, colors),
    ),
  )
}

/** Ours with its goals, then a line for each of the others. */
function linesOfWeight({ title, bytes, others, goals }: Weight, colors: boolean): string[] {
  const [first, ...more] = goals.map(
    ({ text, bytes, most }) => `${kibibytes(bytes)} ${text}: ${judged(bytes <= most, `<= ${kibibytes(most)}`, colors)}`,
  )
  return [
    line(title, kibibytes(bytes), '', '', '', first ?? ''),
    ...others.map(({ against, bytes }, n) => line('', '', against, kibibytes(bytes), '', more[n] ?? '')),
  ]
}

/** Ours, then a line for each of the others; the first one does the least that can be done. */
function linesOfDelay({ title, microseconds, others, above, mostAbove }: Delay, colors: boolean): string[] {
  const verdict = `${micros(above)} above: ${judged(above <= mostAbove, `<= ${mostAbove} µs`, colors)}`
  return [
    line(title, micros(microseconds), '', '', '', ''),
    ...others.map(({ against, microseconds }, n) =>
      line('', '', against, micros(microseconds), '', n === 0 ? verdict : ''),
    ),
  ]
}

/** 5.04 -> "5.04 µs": a goal of 5 is missed by that, and the row has to show it. */
function micros(value: number): string {
  return `${significant(value)} µs`
}

/** 1536 -> "1.5 KiB" */
function kibibytes(bytes: number): string {
  return `${significant(bytes / 1024)} KiB`
}

/** Three digits, and as many more as it takes to see on which side of the goal it is: 1.349 is not 1.35. */
function decisive({ goal = 0, ratio }: Ratio): string {
  let text = significant(ratio)
  for (let digits = 4; Number(text) >= goal !== ratio >= goal; digits++) text = ratio.toPrecision(digits)
  return text
}

function verdict({ goal, ratio }: Ratio, colors: boolean): string {
  return goal === undefined ? '' : judged(ratio >= goal, `>= ${goal}`, colors)
}

function judged(reached: boolean, goal: string, colors: boolean): string {
  const text = `${goal} ${reached ? 'reached' : 'MISSED'}`
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
