import { realRacers, simulatedRacers } from './cast.ts'
import { differencesTable, wiresText } from './comparison-text.ts'
import { colorful, conclude, EXIT, STOPPED, type Terminal } from './conclude.ts'
import type { Side } from './differences.ts'
import { numberIn, type ProviderName, parseFlags, providerName, UsageError, wholeNumberIn } from './options.ts'
import { createPrinter } from './printer.ts'
import { race } from './race.ts'
import type { Command } from './run.ts'
import { say } from './say.ts'

const FLAGS = {
  help: { type: 'boolean', short: 'h' },
  providers: { type: 'string' },
  real: { type: 'boolean' },
  lines: { type: 'string' },
  'tokens-per-second': { type: 'string' },
} as const

const LINES = 60
const COLUMNS = 100 // where there is no terminal to ask

/** Two services, the same question, and everything that differs. */
export async function compare({ argv, env, terminal, signal }: Command): Promise<number> {
  const { stdout, stderr } = terminal
  const { values, positionals } = parseFlags(argv, FLAGS)
  const prompt = positionals.join(' ').trim()
  if (prompt === '') throw new UsageError('compare wants a prompt')
  const names = namesIn(values.providers ?? 'openai,anthropic')
  const limit = wholeNumberIn(values.lines, '--lines', 0, 1e6) ?? LINES
  const speed = numberIn(values['tokens-per-second'], '--tokens-per-second', 0, 1e6)
  const cast = values.real ? await realRacers(names, env, signal) : await simulatedRacers(names, speed)
  try {
    if (!values.real) say(stderr, 'The built-in simulator answers for both; --real asks the real services.')
    const sides = await race(cast.racers, prompt, { stdout, color: colorful(env, stdout), signal })
    if (signal.aborted) say(stderr, STOPPED)
    const { print } = createPrinter(stdout)
    const columns = (stdout.isTTY ? stdout.columns : undefined) ?? COLUMNS
    await print(wiresText(sides, limit, columns))
    await print(differencesTable(sides, columns))
    return signal.aborted ? EXIT.interrupted : worst(sides, stderr)
  } finally {
    await cast[Symbol.asyncDispose]()
  }
}

function namesIn(text: string): readonly ProviderName[] {
  const names = text.split(',').map((name) => providerName(name.trim(), '--providers'))
  if (names.length === 2 && names[0] !== names[1]) return names
  throw new UsageError('--providers wants two different names, as in openai,anthropic')
}

/** From the best to the worst. */
const ORDER: readonly number[] = [EXIT.complete, EXIT.limited, EXIT.cut, EXIT.failed]

function worst(sides: readonly Side[], stderr: Terminal['stderr']): number {
  const codes = sides.map(({ outcome }) => conclude(outcome, stderr, false))
  return codes.reduce((worst, code) => (ORDER.indexOf(code) > ORDER.indexOf(worst) ? code : worst), EXIT.complete)
}
