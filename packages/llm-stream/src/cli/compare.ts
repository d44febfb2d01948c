import type { Provider } from '../provider.ts'
import { startSimulator } from '../simulator/index.ts'
import { besides, joined, wrapText } from '../terminal/columns.ts'
import { colorful, conclude, EXIT, STOPPED, type Terminal } from './conclude.ts'
import { differences, type Side } from './differences.ts'
import { numberIn, type ProviderName, parseFlags, providerName, UsageError, wholeNumberIn } from './options.ts'
import { createPrinter } from './printer.ts'
import { type Racer, race } from './race.ts'
import type { Command } from './run.ts'
import { DIALECTS, type Env, findTarget } from './target.ts'
import { MARGIN, wireLines } from './wire-lines.ts'

const FLAGS = {
  help: { type: 'boolean', short: 'h' },
  providers: { type: 'string' },
  real: { type: 'boolean' },
  lines: { type: 'string' },
  'tokens-per-second': { type: 'string' },
} as const

const LINES = 60
const COLUMNS = 100 // where there is no terminal to ask
/** The key that is not one: it shows where a real one would be. */
const NO_KEY = 'sk-not-a-real-key'

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
    if (!values.real) stderr.write('The built-in simulator answers for both; --real asks the real services.\n')
    const sides = await race(cast.racers, prompt, { stdout, color: colorful(env, stdout), signal })
    if (signal.aborted) stderr.write(STOPPED)
    const { print } = createPrinter(stdout)
    const columns = (stdout.isTTY ? stdout.columns : undefined) ?? COLUMNS
    await print(wiresText(sides, limit, columns))
    await print(table(sides, columns))
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

interface Cast extends AsyncDisposable {
  readonly racers: readonly Racer[]
}

async function simulatedRacers(names: readonly ProviderName[], speed: number | undefined): Promise<Cast> {
  const simulator = await startSimulator(speed === undefined ? {} : { tokensPerSecond: speed })
  return {
    racers: names.map((name) => ({
      name,
      model: 'simulator',
      provider: DIALECTS[name].make({ baseUrl: simulator.url, apiKey: NO_KEY }),
    })),
    [Symbol.asyncDispose]: () => simulator.close(),
  }
}

async function realRacers(names: readonly ProviderName[], env: Env, signal: AbortSignal): Promise<Cast> {
  const racers: Racer[] = []
  for (const name of names) racers.push({ name, ...(await realTarget(name, env, signal)) })
  return { racers, [Symbol.asyncDispose]: async () => {} }
}

/** Its own settings only: a server at LLM_BASE_URL is one, and not two. */
async function realTarget(
  name: ProviderName,
  env: Env,
  signal: AbortSignal,
): Promise<{ readonly provider: Provider; readonly model: string }> {
  const own = Object.fromEntries(Object.entries(env).filter(([variable]) => !variable.startsWith('LLM_')))
  const target = await findTarget({ provider: name }, own, signal)
  if (!target.simulated) return target
  await target[Symbol.asyncDispose]()
  const { vendor } = DIALECTS[name]
  throw new UsageError(
    `there is no key for ${name}: set ${vendor}API_KEY, or ${vendor}BASE_URL for a server without one`,
  )
}

const GAP = ' │ '
/** From here on there is room for two wires beside each other. */
const WIDE = 160

function wiresText(sides: readonly Side[], limit: number, columns: number): string {
  if (columns < WIDE) return sides.map((side) => `\n${wireRows(side, limit, columns - 1).join('\n')}\n`).join('')
  const width = Math.floor((columns - 1 - GAP.length) / sides.length)
  const wires = sides.map((side) => wireRows(side, limit, width))
  const height = Math.max(...wires.map((rows) => rows.length))
  const widths = sides.map(() => width)
  const rows = Array.from({ length: height }, (_, i) =>
    joined(
      wires.map((wire) => wire[i] ?? ''),
      widths,
      GAP,
    ),
  )
  return `\n${rows.join('\n')}\n`
}

/** A wire under its heading, in rows that are no wider than this. */
function wireRows({ name, wire }: Side, limit: number, columns: number): readonly string[] {
  const rows = wireLines(wire, limit).flatMap(({ margin, text }) => {
    const [first = '', ...more] = wrapText(text, columns - MARGIN)
    return [margin + first, ...more.map((rest) => ' '.repeat(MARGIN) + rest)]
  })
  return [heading(`${name}: the wire`, columns), ...rows]
}

const LABEL = 21

function table(sides: readonly Side[], columns: number): string {
  const cell = Math.floor((columns - 1 - LABEL) / sides.length) - GAP.length
  const widths = [LABEL, ...sides.map(() => cell)]
  const row = (texts: readonly string[]) => besides(texts, widths, GAP).join('\n')
  const rule = widths.map((width) => '─'.repeat(width)).join('─┼─')
  const rows = differences(sides).map(({ what, answers }) => row([what, ...answers]))
  const names = row(['', ...sides.map(({ name }) => name)])
  return `\n${heading('the difference', columns - 1)}\n${[names, rule, ...rows].join('\n')}\n`
}

function heading(text: string, columns: number): string {
  return `── ${text} ${'─'.repeat(Math.max(2, columns - text.length - 4))}`
}

/** From the best to the worst. */
const ORDER: readonly number[] = [EXIT.complete, EXIT.limited, EXIT.cut, EXIT.failed]

function worst(sides: readonly Side[], stderr: Terminal['stderr']): number {
  const codes = sides.map(({ outcome }) => conclude(outcome, stderr, false))
  return codes.reduce((worst, code) => (ORDER.indexOf(code) > ORDER.indexOf(worst) ? code : worst), EXIT.complete)
}
