import { type Checked, check as checksOf } from '../check/check.ts'
import { wrap } from '../format.ts'
import { columnsOf } from '../live/view.ts'
import { CommandError, isTheirs } from './command-error.ts'
import { onlyOne, parseFlags, wholeNumberIn } from './options.ts'
import { REQUEST_FLAGS, requestWords, urlIn } from './request-words.ts'
import { type Command, EXIT } from './terminal.ts'

const FLAGS = { ...REQUEST_FLAGS, json: { type: 'boolean' }, idle: { type: 'string' } } as const

/** Seconds for which each answer is looked at, unless told otherwise. */
const PATIENCE = 15

/** Says what of a stream works. */
export async function check(command: Command): Promise<number> {
  const { values, positionals } = parseFlags(command.argv, FLAGS)
  const url = urlIn(onlyOne(positionals, 'URL'))
  const idle = (wholeNumberIn(values.idle, '--idle', 0, 3600) ?? 0) * 1000
  const options = { ...(await requestWords(values, command, PATIENCE)), idle }
  const { stdout } = command.terminal
  const columns = columnsOf({ ...(stdout.columns !== undefined && { columns: stdout.columns }) })
  let isFine = true
  try {
    for await (const checked of checksOf(url, options)) {
      isFine &&= checked.result !== 'fail'
      const lines = values.json ? [JSON.stringify({ kind: 'check', ...checked })] : linesFor(checked, columns)
      stdout.write(`${lines.join('\n')}\n`)
      if (command.signal.aborted) break
    }
  } catch (error) {
    if (command.signal.aborted) return EXIT.failed
    throw isTheirs(error) ? new CommandError(`${url.origin}: ${(error as Error).message}`) : error
  }
  return isFine && !command.signal.aborted ? EXIT.done : EXIT.failed
}

const MARGIN = 16

function linesFor({ name, result, text, fix }: Checked, columns: number): readonly string[] {
  const indent = ' '.repeat(MARGIN)
  const [first = '', ...more] = wrap(text, columns - MARGIN)
  const fixes = fix === '' ? [] : fix.split('\n').flatMap((line) => wrap(line, columns - MARGIN))
  const mark = result === 'fail' ? 'FAIL' : result
  return [`${mark.padEnd(5)}${name.padEnd(MARGIN - 5)}${first}`, ...[...more, ...fixes].map((line) => indent + line)]
}
