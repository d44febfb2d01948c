import { createJsonView } from '../live/json-view.ts'
import { createPlainView } from '../live/plain-view.ts'
import { probe as ask, type Probed } from '../probe/probe.ts'
import { CommandError, isTheirs } from './command-error.ts'
import { oneOf, onlyOne, parseFlags } from './options.ts'
import { createRecordingSwitch } from './record.ts'
import { REQUEST_FLAGS, requestWords, urlIn } from './request-words.ts'
import { showDiagnoses } from './show-diagnoses.ts'
import { type Command, EXIT } from './terminal.ts'

const FLAGS = {
  ...REQUEST_FLAGS,
  json: { type: 'boolean' },
  record: { type: 'string' },
  'fail-on': { type: 'string' },
} as const

/** Seconds for which an answer is looked at, unless told otherwise. */
const PATIENCE = 60

/** Asks for one answer, and explains it as it comes. */
export async function probe(command: Command): Promise<number> {
  const { values, positionals } = parseFlags(command.argv, FLAGS)
  const url = urlIn(onlyOne(positionals, 'URL'))
  const failOn = oneOf(values['fail-on'], ['error', 'warn'], '--fail-on')
  const options = await requestWords(values, command, PATIENCE)
  const { stdout, stderr } = command.terminal
  const view = values.json ? createJsonView(stdout) : createPlainView(stdout)
  const recording = createRecordingSwitch(url.origin, (sentence) => stderr.write(`${sentence}\n`))
  if (values.record !== undefined) await recording.start(values.record)
  let probed: Probed
  try {
    probed = await ask(url, { ...options, onItem: view.take, onMasked: recording.take })
  } catch (error) {
    if (command.signal.aborted) return EXIT.done
    throw isTheirs(error) ? new CommandError(`${url.origin}: ${(error as Error).message}`) : error
  } finally {
    view.close()
    await recording.stop()
  }
  const { exchange, diagnoses, left } = probed
  if (left) stderr.write('The answer goes on: it was left here (--time <s> for longer).\n')
  showDiagnoses(stdout, diagnoses, [exchange], values.json === true)
  const isWrong = diagnoses.some(({ severity }) => severity === 'error' || severity === failOn)
  return failOn !== undefined && isWrong ? EXIT.failed : EXIT.done
}
