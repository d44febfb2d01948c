import { compare, type Difference, type TimeDifference } from '../diff/diff.ts'
import { wrap } from '../format.ts'
import { columnsOf } from '../live/view.ts'
import { printable } from '../printable.ts'
import { type Exchange, exchangesOf } from '../timeline/index.ts'
import { parseFlags, UsageError } from './options.ts'
import { recordingAt } from './recording-at.ts'
import { type Command, EXIT, type Terminal } from './terminal.ts'

const FLAGS = { json: { type: 'boolean' } } as const

/** Says in what two recordings differ. */
export async function diff({ argv, terminal }: Command): Promise<number> {
  const { values, positionals } = parseFlags(argv, FLAGS)
  const [a, b, more] = positionals
  if (a === undefined || b === undefined || more !== undefined) throw new UsageError('two recordings are needed')
  const { differences, times } = compare(await exchangesIn(a, terminal), await exchangesIn(b, terminal))
  const { stdout } = terminal
  const columns = columnsOf({ ...(stdout.columns !== undefined && { columns: stdout.columns }) })
  const lines = values.json
    ? [...differences, ...times].map((each) =>
        JSON.stringify({ kind: 'a' in each && 'what' in each ? 'difference' : 'time', ...each }),
      )
    : [...differences.flatMap((each) => linesFor(each, columns)), ...tableOf(times)]
  if (lines.length > 0) stdout.write(`${lines.join('\n')}\n`)
  if (!values.json && differences.length === 0) stdout.write('✓ alike but for their times\n')
  return differences.length === 0 ? EXIT.done : EXIT.failed
}

async function exchangesIn(path: string, terminal: Terminal): Promise<readonly Exchange[]> {
  return exchangesOf(await recordingAt(path, terminal), { withBytes: true })
}

function linesFor({ exchange, what, a, b }: Difference, columns: number): readonly string[] {
  const side = (mark: string, text: string | undefined): readonly string[] =>
    text === undefined ? [] : wrap(`${mark} #${exchange} ${what}  ${printable(text)}`, columns)
  return [...side('-', a), ...side('+', b)]
}

const NAMES = { firstByte: 'TTFB', firstEvent: 'TTFE', firstToken: 'TTFT', total: 'total', gap: 'median gap' } as const

function tableOf(times: readonly TimeDifference[]): readonly string[] {
  if (times.length === 0) return []
  const row = (cells: readonly string[]): string =>
    cells.map((cell, n) => (n === 0 ? cell.padEnd(14) : cell.padStart(10))).join('')
  return [
    row(['times, ms', 'first', 'second', 'more']),
    ...times.map(({ exchange, name, a, b }) =>
      row([`#${exchange} ${NAMES[name]}`, a.toFixed(1), b.toFixed(1), (b - a).toFixed(1)]),
    ),
  ]
}
