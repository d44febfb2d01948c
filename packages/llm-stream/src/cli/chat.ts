import type { ChatMessage } from '../provider.ts'
import { printAnswer } from './answer.ts'
import { type ChatOptions, chatOf, parseChatOptions, systemMessage } from './chat-options.ts'
import type { Env } from './chosen-provider.ts'
import { colorful, conclude, type Terminal } from './conclude.ts'
import { converse } from './converse.ts'
import { readFiles } from './files.ts'
import { printJson } from './json-lines.ts'
import { UsageError } from './options.ts'
import { readPiped } from './piped.ts'
import { historyPath, NO_HISTORY, openHistory, type PromptHistory } from './prompt-history.ts'
import { recordTo } from './record.ts'
import type { Command } from './run.ts'
import { say } from './say.ts'
import { findTarget, type Target } from './target.ts'

/** One answer, or a conversation. */
export async function chat({ argv, env, terminal, signal, release }: Command): Promise<number> {
  const { stdin, stdout, stderr } = terminal
  const options = parseChatOptions(argv)
  const prompt = await promptFrom(options, terminal, signal)
  if (prompt === '' && !stdin.isTTY) throw new UsageError('there is no prompt: neither as an argument nor piped in')
  if (prompt === '' && options.json) throw new UsageError('--json wants a prompt: a conversation is for people')
  const target = await findTarget(options, env, signal)
  const recording = await recordTo(options.record, target.provider.baseUrl, stderr).catch(async (error: unknown) => {
    await target[Symbol.asyncDispose]() // its simulator would keep the process alive
    throw error
  })
  try {
    announce(target, stderr)
    const color = colorful(env, stdout)
    if (prompt === '') {
      release()
      const history = await historyFor(options, env, stderr)
      return await converse({ target, options, color, terminal, history, record: recording.next })
    }
    const messages: ChatMessage[] = [...systemMessage(options), { role: 'user', content: prompt }]
    const answer = options.json ? printJson : printAnswer
    const asked = { ...chatOf(target.model, options), messages }
    const outcome = await answer(target, asked, { stdout, color, signal, record: recording.next?.() })
    return conclude(outcome, stderr, signal.aborted)
  } finally {
    await target[Symbol.asyncDispose]()
    await recording.close()
  }
}

/** What was typed before, unless nobody wants it kept. */
async function historyFor({ history }: ChatOptions, env: Env, stderr: Terminal['stderr']): Promise<PromptHistory> {
  const path = history ? historyPath(env) : undefined
  if (path === undefined) return NO_HISTORY
  return openHistory(path, env, ({ message }) => say(stderr, `(no history: ${message})`))
}

function announce({ simulated, notes }: Target, stderr: Terminal['stderr']): void {
  if (simulated) say(stderr, 'No key and no base URL are set: the built-in simulator answers.')
  for (const note of notes) say(stderr, note)
}

/** The prompt of the command line, and under it, after blank lines, the files and what is piped in. */
async function promptFrom(
  { prompt, files }: ChatOptions,
  { stdin, stderr }: Terminal,
  signal: AbortSignal,
): Promise<string> {
  const given = [prompt, await readFiles(files)].filter((part) => part !== '').join('\n\n')
  if (stdin.isTTY) return given
  const piped = await readPiped(stdin, signal, () => {
    if (given !== '') say(stderr, '(reading standard input, until it ends; without any: < /dev/null)')
  })
  return [given, piped].filter((part) => part !== '').join('\n\n')
}
