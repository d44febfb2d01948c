import type { RecordedRead } from '../recorded-read.ts'
import { missingFrom, type Recording } from '../recording.ts'
import { printAnswer } from './answer.ts'
import { DIALECTS } from './chosen-provider.ts'
import { colorful, conclude } from './conclude.ts'
import { printJson } from './json-lines.ts'
import { numberIn, type ProviderName, parseFlags, providerName, UsageError, wholeNumberIn } from './options.ts'
import { createRecordedDial } from './recorded-dial.ts'
import { readRecording } from './recording.ts'
import type { Command } from './run.ts'
import { say } from './say.ts'

const FLAGS = {
  help: { type: 'boolean', short: 'h' },
  connection: { type: 'string' },
  speed: { type: 'string' },
  provider: { type: 'string', short: 'p' },
  json: { type: 'boolean' },
} as const

/** Nothing of this is sent: the recording answers whatever is asked. */
const CHAT = { model: 'recorded', messages: [{ role: 'user', content: 'recorded' }] } as const

/** Shows an answer again. */
export async function replay({ argv, env, terminal, signal }: Command): Promise<number> {
  const { stdout, stderr } = terminal
  const { values, positionals } = parseFlags(argv, FLAGS)
  const [path, ...more] = positionals
  if (path === undefined || more.length > 0) throw new UsageError('replay wants the name of one recording')
  const wanted = wholeNumberIn(values.connection, '--connection', 1, 1e9)
  const speed = numberIn(values.speed, '--speed', 0, 1e6) ?? 1
  const asked = values.provider === undefined ? undefined : providerName(values.provider, '--provider')
  const recording = await readRecording(path)
  const missing = missingFrom(recording)
  if (missing !== undefined) say(stderr, missing)
  const exchange = exchangeIn(recording, wanted)
  const { make } = DIALECTS[asked ?? dialectOf(exchange.target)]
  const provider = make({ baseUrl: 'http://recording.invalid' })
  const target = { provider, dial: createRecordedDial(exchange.entries, speed), attempts: 1 }
  const answer = values.json ? printJson : printAnswer
  const outcome = await answer(target, CHAT, { stdout, color: colorful(env, stdout), signal })
  if (!signal.aborted && leftIn(exchange.entries)) say(stderr, '(who recorded this left here)')
  return conclude(outcome, stderr, signal.aborted)
}

/** Whether it was us who dropped the connection. */
function leftIn(entries: readonly RecordedRead[]): boolean {
  return entries.some((entry) => entry.kind === 'reset' && entry.direction === 'up')
}

interface RecordedExchange {
  /** What was asked, as in the first line of the request. */
  readonly target: string
  readonly entries: readonly RecordedRead[]
}

/** The connection that is wanted, or the last one on which something was posted. */
function exchangeIn({ entries }: Recording, wanted: number | undefined): RecordedExchange {
  const numbers = [...new Set(entries.map(({ connection }) => connection))]
  const posts = numbers.flatMap((connection) => {
    const own = entries.filter((entry) => entry.connection === connection)
    const target = postedTo(own)
    return target === undefined ? [] : [{ connection, target, entries: own }]
  })
  const found = wanted === undefined ? posts.at(-1) : posts.find(({ connection }) => connection === wanted)
  if (found) return found
  const there = posts.map(({ connection }) => connection).join(', ') || 'none'
  throw new UsageError(`the recording has no such answer; connections that have one: ${there}`)
}

function postedTo(entries: readonly RecordedRead[]): string | undefined {
  const bytes = entries.flatMap((entry) => (entry.kind === 'bytes' && entry.direction === 'up' ? [entry.bytes] : []))
  const start = new TextDecoder().decode(bytes[0]?.subarray(0, 8192))
  return /^POST (\S+) HTTP\//.exec(start)?.[1]
}

const PATHS: readonly (readonly [path: RegExp, name: ProviderName])[] = [
  [/\/chat\/completions$/, 'openai'],
  [/\/responses$/, 'openai-responses'],
  [/\/messages$/, 'anthropic'],
  [/:streamGenerateContent$/, 'gemini'],
  [/\/api\/chat$/, 'ollama'],
]

/** @throws UsageError for a path that no service has */
function dialectOf(target: string): ProviderName {
  const [path = ''] = target.split('?')
  const known = PATHS.find(([pattern]) => pattern.test(path))
  if (known) return known[1]
  throw new UsageError(
    `nothing known is at ${JSON.stringify(path.slice(0, 200))}: say which format it is with --provider`,
  )
}
