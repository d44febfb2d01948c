import { middleOf } from '../diagnose/seen.ts'
import { type Pair, type Sandwich, startSandwich } from '../sandwich/sandwich.ts'
import { CommandError, isTheirs } from './command-error.ts'
import { oneOf, onlyOne, parseFlags, UsageError, wholeNumberIn } from './options.ts'
import { showDiagnosis } from './show-diagnoses.ts'
import { targetIn } from './target-word.ts'
import { aborted, type Command, EXIT } from './terminal.ts'

const FLAGS = {
  origin: { type: 'string' },
  front: { type: 'string' },
  back: { type: 'string' },
  count: { type: 'string' },
  json: { type: 'boolean' },
  'fail-on': { type: 'string' },
} as const

/** Puts two taps around a hop until somebody ends it, or enough has been seen. */
export async function sandwich({ argv, terminal, signal }: Command): Promise<number> {
  const { values, positionals } = parseFlags(argv, FLAGS)
  const hop = targetIn(onlyOne(positionals, 'proxy URL'))
  if (values.origin === undefined) throw new UsageError('--origin is missing: the server behind the hop')
  const origin = targetIn(values.origin)
  const failOn = oneOf(values['fail-on'], ['error', 'warn'], '--fail-on')
  const count = wholeNumberIn(values.count, '--count', 0, 1_000_000) ?? 0
  const front = wholeNumberIn(values.front, '--front', 0, 65_535) ?? 9000
  const back = wholeNumberIn(values.back, '--back', 0, 65_535) ?? 9002
  const enough = new AbortController()
  let pairs = 0
  let isWrong = false

  function onPair(pair: Pair): void {
    pairs++
    isWrong ||= pair.diagnoses.some(({ severity }) => severity === 'error' || severity === failOn)
    const json = values.json === true
    terminal.stdout.write(`${json ? JSON.stringify(pairAsJson(pair)) : linesFor(pair).join('\n')}\n`)
    if (!json) for (const each of pair.diagnoses) showDiagnosis(terminal.stdout, each, pair.front.askedAt, false)
    if (count > 0 && pairs >= count) enough.abort()
  }

  const taps = await started({ hop: hop.origin, origin: origin.origin, front, back, onPair })
  try {
    terminal.stderr.write(
      `Clients ask ${taps.front.url}, which asks ${hop.origin}; that has to ask ${taps.back.url}, which asks ${origin.origin}.\n`,
    )
    await aborted(AbortSignal.any([signal, enough.signal]))
  } finally {
    await taps[Symbol.asyncDispose]()
    await taps.settled()
  }
  if (pairs === 0) terminal.stderr.write(`Nothing came by both taps: does the hop ask ${taps.back.url}?\n`)
  return failOn !== undefined && isWrong ? EXIT.failed : EXIT.done
}

async function started(options: Parameters<typeof startSandwich>[0]): Promise<Sandwich> {
  try {
    return await startSandwich(options)
  } catch (error) {
    throw isTheirs(error) ? new CommandError(`cannot listen: ${(error as Error).message}`) : error
  }
}

function linesFor({ front, residences: { head = 0, events, missing, added } }: Pair): readonly string[] {
  const held = events.map(({ milliseconds }) => milliseconds)
  const { method, target } = front.request
  const times =
    held.length === 0 ? '' : ` · ${[held[0] as number, middleOf(held), Math.max(...held)].map(inMs).join(' / ')} ms`
  const lost = missing.length + added.length === 0 ? '' : ` · ${missing.length} lost, ${added.length} not of the server`
  return [
    `#${front.number} ${method} ${target.split('?')[0]}  ${front.response?.status ?? 'no answer'}  ${events.length} events`,
    `  in the hop: head ${inMs(head)} ms${times === '' ? '' : `${times} (first / median / longest event)`}${lost}`,
  ]
}

const inMs = (time: number): string => time.toFixed(time < 100 ? 1 : 0)

function pairAsJson({ front, residences, diagnoses }: Pair): object {
  const { head, events, missing, added } = residences
  return {
    kind: 'pair',
    exchange: front.number,
    method: front.request.method,
    target: front.request.target,
    status: front.response?.status,
    head,
    events: events.map(({ front: { finding }, milliseconds }) => ({ no: finding.no, milliseconds })),
    missing: missing.length,
    added: added.length,
    diagnoses,
  }
}
