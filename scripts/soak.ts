// npm run soak [-- --seconds 60 --clients 1000 --seed 1]: does everybody hear everything once, whatever happens?
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { orExit } from '../examples/command-line.ts'
import { type SoakReport, soak } from '../packages/sse-client/test/soak/soak.ts'
import { retainedBytes } from '../packages/testkit/src/index.ts'

const HELP = `npm run soak                                           a thousand clients for a minute, from a seed of the clock
npm run soak -- --seconds 600 --clients 200 --seed 42  ten minutes, fewer clients, this seed

Clients of openEventStream on our own stack hear the events of one channel through a proxy that cuts their connections
at any byte, falls silent or drips, while the server restarts, in good order or not. Each insists on hearing every event
once and in order. The exit code is 0 if all did, and if memory stayed flat.`

/** Milliseconds between two bursts of events, for each client: a machine has as much to do, however many there are. */
const PACE = 1

/** Seconds after the last event in which all must have caught up. */
const PATIENCE = 300

/** Seconds between two looks at the memory. The first third of them is for getting under way. */
const LOOK_EVERY = 3

/** Flat is at most so many bytes more at the end than in the middle: a client has a few KB of state, and there are many. */
const MOST_GROWTH = 32 * 1024 * 1024

const options = orExit(readArguments)
if (options === undefined) console.log(HELP)
else process.exitCode = (await run(options)) ? 0 : 1

interface RunOptions {
  readonly seconds: number
  readonly clients: number
  readonly seed: number
}

function readArguments(): RunOptions | undefined {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      clients: { type: 'string', default: '1000' },
      seed: { type: 'string', default: `${Date.now() % 2 ** 31}` },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return undefined
  const [seconds, clients, seed] = [values.seconds, values.clients, values.seed].map(Number) as [number, number, number]
  if (!(seconds > 0) || !Number.isSafeInteger(seed)) throw new RangeError('--seconds and --seed are numbers')
  if (!Number.isSafeInteger(clients) || clients < 1) throw new RangeError('--clients is a whole number above 0')
  return { seconds, clients, seed }
}

/** True if every promise was kept. */
async function run({ seconds, clients, seed }: RunOptions): Promise<boolean> {
  console.log(`${clients} clients, ${seconds} seconds, seed ${seed}`)
  const end = performance.now() + seconds * 1000
  const retained: number[] = []
  let look: (() => SoakReport) | undefined
  const watch = setInterval(() => {
    const report = look?.()
    if (!report) return
    if (performance.now() < end) retained.push(retainedBytes()) // later the clients are leaving
    showProgress(report, (end - performance.now()) / 1000, retained.at(-1) ?? 0)
  }, LOOK_EVERY * 1000)
  try {
    const report = await soak({
      clients,
      seed,
      idleTimeout: 20_000,
      retry: 500,
      onStart: (how) => {
        look = how
      },
      next: () => sleep(PACE * clients).then(() => performance.now() < end),
      signal: AbortSignal.timeout((seconds + PATIENCE) * 1000),
    })
    return print(report, clients, retained)
  } catch (error) {
    console.log(`\nbroken: ${error instanceof Error ? error.message : error}`)
    if (look) console.log(JSON.stringify(look(), undefined, 2))
    return false
  } finally {
    clearInterval(watch)
  }
}

function showProgress(report: SoakReport, secondsLeft: number, bytes: number): void {
  if (process.stdout.isTTY !== true) return
  const left = secondsLeft > 0 ? `${Math.ceil(secondsLeft)} s left` : 'catching up'
  const { published, slowest, delivered, opened, restarts } = report
  const line = `${left}: event ${published}, slowest at ${slowest}, ${delivered} delivered, ${opened} connections, ${restarts} restarts, ${mebibytes(bytes)}`
  process.stdout.write(`\r\u001b[K${line.slice(0, (process.stdout.columns ?? 80) - 1)}`)
}

function print(report: SoakReport, clients: number, retained: readonly number[]): boolean {
  const { published, delivered, opened, resets, ends, stalls, drips, restarts, gaps } = report
  const exact = delivered === published * clients && gaps === 0
  const growth = growthOf(retained)
  const flat = growth <= MOST_GROWTH
  if (process.stdout.isTTY === true) process.stdout.write('\r\u001b[K')
  console.log(`published    ${published} events, ${restarts} restarts of the server
connections  ${opened} opened; weather: ${resets} resets, ${ends} early ends, ${stalls} silences, ${drips} of them dripping
delivered    ${delivered} = ${published} x ${clients}: ${exact ? 'every event once, in order, to every client' : 'NOT every event once'}
memory       ${retained.map(mebibytes).join(', ')}
             ${mebibytes(growth)} more in the last third than in the second: ${flat ? 'flat' : 'NOT flat'}`)
  return exact && flat
}

/** From the second third of the looks to the last one, each by its mean. */
function growthOf(retained: readonly number[]): number {
  const third = Math.floor(retained.length / 3)
  if (third === 0) return 0
  return mean(retained.slice(2 * third)) - mean(retained.slice(third, 2 * third))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}
