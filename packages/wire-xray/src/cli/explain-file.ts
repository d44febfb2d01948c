import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { diagnoseAll } from '../diagnose/index.ts'
import { explain } from '../explain.ts'
import { createJsonView } from '../live/json-view.ts'
import { createPlainView } from '../live/plain-view.ts'
import { columnsOf } from '../live/view.ts'
import { createExplainer } from '../proxy/explainer.ts'
import type { Item } from '../proxy/item.ts'
import { parseRecording, type Recording } from '../recording/index.ts'
import { createTimeline } from '../timeline/index.ts'
import { CommandError } from './command-error.ts'
import { compared, patienceIn } from './compared.ts'
import { oneOf, onlyOne, parseFlags, UsageError } from './options.ts'
import { sayMissing } from './say-missing.ts'
import { showDiagnoses } from './show-diagnoses.ts'
import { type Command, EXIT, isColorful } from './terminal.ts'

const FLAGS = {
  json: { type: 'boolean' },
  'fail-on': { type: 'string' },
  decoder: { type: 'string' },
  time: { type: 'string' },
} as const

/** Bytes of a file that is explained: it is held in memory. */
const MOST = 256 * 1024 * 1024

/** Explains a recording, item by item, or bytes as they were on the wire, row by row. */
export async function explainFile(command: Command): Promise<number> {
  const { values, positionals } = parseFlags(command.argv, FLAGS)
  const path = onlyOne(positionals, 'file')
  const failOn = oneOf(values['fail-on'], ['error', 'warn'], '--fail-on')
  const bytes = await contentOf(path === '-' ? command.terminal.stdin : createReadStream(path), path)
  if (bytes.length === 0) throw new CommandError(`there is not a byte in ${path === '-' ? 'the standard input' : path}`)
  const isRecording = Buffer.from(bytes.subarray(0, 8)).toString('latin1') === '{"xray":'
  if (!isRecording && values.json) throw new UsageError('--json is for recordings: bytes are explained as a dump')
  if (values.decoder !== undefined) {
    if (!isRecording) throw new UsageError('--decoder is for recordings: bytes do not say how they were read')
    const recording = sayMissing(parsed(new TextDecoder().decode(bytes)), command.terminal)
    return (await compared(values.decoder, [{ name: path, recording }], command, patienceIn(values.time)))
      ? EXIT.done
      : EXIT.failed
  }
  const wrong = isRecording
    ? await explainRecording(command, bytes, values.json === true)
    : explainBytes(command, bytes)
  return failOn !== undefined && wrong.has(failOn) ? EXIT.failed : EXIT.done
}

/** How wrong what was explained is. What is an error is a warning, too. */
type Wrong = ReadonlySet<'error' | 'warn'>
const RIGHT: Wrong = new Set()
const WARNED: Wrong = new Set(['warn'])
const BROKEN: Wrong = new Set(['error', 'warn'])

function explainBytes({ env, terminal }: Command, bytes: Uint8Array): Wrong {
  const { stdout } = terminal
  const color = stdout.isTTY === true && isColorful(env)
  stdout.write(`${explain(bytes, { columns: columnsOf(stdout) + 1, color })}\n`)
  return explain(bytes).includes('\n✗ ') ? BROKEN : RIGHT
}

async function explainRecording({ terminal }: Command, bytes: Uint8Array, json: boolean): Promise<Wrong> {
  const { stdout } = terminal
  const view = json ? createJsonView(stdout) : createPlainView(stdout)
  const recording = parsed(new TextDecoder().decode(bytes))
  const timeline = createTimeline({ maxItems: MOST_ITEMS, maxSize: 4 * MOST })
  let broken = recording.cut || recording.skipped !== undefined
  const explainer = createExplainer(
    (item) => {
      broken ||= isWrong(item)
      view.take(item)
      timeline.take(item)
    },
    { withBytes: true },
  )
  for (const entry of recording.entries) explainer.take(entry)
  await explainer.settled()
  view.close()
  const found = diagnoseAll(timeline.exchanges)
  showDiagnoses(stdout, found, timeline.exchanges, json)
  sayMissing(recording, terminal)
  if (broken || found.some(({ severity }) => severity === 'error')) return BROKEN
  return found.some(({ severity }) => severity === 'warn') ? WARNED : RIGHT
}

/** Items of one exchange: a recording that fits into memory is looked at as a whole. */
const MOST_ITEMS = 1_000_000

/** That the x-ray was ended while a connection was open is no fault of the connection. */
function isWrong(item: Item): boolean {
  if (item.kind === 'error') return item.code !== 'TCP_CLOSED'
  if (item.kind === 'finding') return item.finding.kind === 'error' || item.finding.kind === 'unfinished'
  return item.kind === 'reset' || item.kind === 'gap'
}

function parsed(text: string): Recording {
  try {
    return parseRecording(text)
  } catch (error) {
    throw new CommandError((error as Error).message)
  }
}

async function contentOf(input: Readable, path: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for await (const part of input) {
      size += part.length
      if (size > MOST) throw new CommandError(`${path} has more than ${MOST} bytes`)
      parts.push(part)
    }
  } catch (error) {
    throw error instanceof CommandError ? error : new CommandError((error as Error).message)
  }
  return Buffer.concat(parts)
}
