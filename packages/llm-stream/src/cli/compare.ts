import type { Provider } from '../provider.ts'
import { startSimulator } from '../simulator/index.ts'
import { besides } from '../terminal/columns.ts'
import { colorful, conclude, EXIT, STOPPED, type Terminal } from './conclude.ts'
import { differences, type Side } from './differences.ts'
import { type ProviderName, parseFlags, providerName, UsageError, wholeNumberIn } from './options.ts'
import { createPrinter } from './printer.ts'
import { type Racer, race } from './race.ts'
import type { Command } from './run.ts'
import { DIALECTS, type Env, findTarget } from './target.ts'
import { wireLines } from './wire-lines.ts'

const FLAGS = {
  help: { type: 'boolean', short: 'h' },
  providers: { type: 'string' },
  real: { type: 'boolean' },
  lines: { type: 'string' },
} as const

const LINES = 40
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
  const cast = values.real ? await realRacers(names, env, signal) : await simulatedRacers(names)
  try {
    if (!values.real) stderr.write('The built-in simulator answers for both; --real asks the real services.\n')
    const sides = await race(cast.racers, prompt, { stdout, color: colorful(env, stdout), signal })
    if (signal.aborted) stderr.write(STOPPED)
    const { print } = createPrinter(stdout)
    const columns = (stdout.isTTY ? stdout.columns : undefined) ?? COLUMNS
    for (const side of sides) await print(wireText(side, limit, columns))
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

async function simulatedRacers(names: readonly ProviderName[]): Promise<Cast> {
  const simulator = await startSimulator()
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

function wireText({ name, wire }: Side, limit: number, columns: number): string {
  const lines = wireLines(wire, limit).map((line) => besides([line], [columns - 1], '').join('\n           '))
  return `\n${heading(`${name}: the wire`, columns)}\n${lines.join('\n')}\n`
}

const GAP = ' │ '
const LABEL = 21

function table(sides: readonly Side[], columns: number): string {
  const cell = Math.floor((columns - 1 - LABEL) / sides.length) - GAP.length
  const widths = [LABEL, ...sides.map(() => cell)]
  const row = (texts: readonly string[]) => besides(texts, widths, GAP).join('\n')
  const rule = widths.map((width) => '─'.repeat(width)).join('─┼─')
  const rows = differences(sides).map(({ what, answers }) => row([what, ...answers]))
  const names = row(['', ...sides.map(({ name }) => name)])
  return `\n${heading('the difference', columns)}\n${[names, rule, ...rows].join('\n')}\n`
}

function heading(text: string, columns: number): string {
  return `── ${text} ${'─'.repeat(Math.max(2, columns - text.length - 5))}`
}

/** From the best to the worst. */
const ORDER: readonly number[] = [EXIT.complete, EXIT.limited, EXIT.cut, EXIT.failed]

function worst(sides: readonly Side[], stderr: Terminal['stderr']): number {
  const codes = sides.map(({ outcome }) => conclude(outcome, stderr, false))
  return codes.reduce((worst, code) => (ORDER.indexOf(code) > ORDER.indexOf(worst) ? code : worst), EXIT.complete)
}
