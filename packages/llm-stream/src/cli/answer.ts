import { isToken } from '../meter.ts'
import type { Outcome } from '../outcome.ts'
import type { Chat } from '../provider.ts'
import type { RecordedRead } from '../recorded-read.ts'
import type { RetryInfo } from '../retry.ts'
import { streamChat } from '../stream-chat.ts'
import { createChatView } from '../terminal/chat-view.ts'
import type { Terminal } from './conclude.ts'
import { createScreen } from './screen.ts'
import { statusLine } from './status-line.ts'
import type { Target } from './target.ts'

export interface AnswerOptions {
  readonly stdout: Terminal['stdout']
  /** Whether sequences of our own are welcome: dim thoughts, and a line with numbers under the text. */
  readonly color: boolean
  readonly signal: AbortSignal
  readonly record?: ((entry: RecordedRead) => void) | undefined
}

/** Who is asked, and how. */
export type Asked = Pick<Target, 'provider' | 'dial' | 'attempts'>

/** A cell stays free: a terminal that is at the end of its line does not agree with others where it is. */
const FREE = 1
const DEFAULT_COLUMNS = 80

/** Prints one answer while it is written, ends its line, and says how it went. */
export async function printAnswer(
  { provider, dial, attempts }: Asked,
  chat: Chat,
  { stdout, color, signal, record }: AnswerOptions,
): Promise<Outcome> {
  let tokens = 0
  let pause = ''
  const onRetry = (info: RetryInfo) => {
    pause = pauseLine(info)
  }
  const retry = { onRetry, ...(attempts !== undefined && { attempts }) }
  const stream = streamChat(provider, chat, { signal, retry, ...(record && { record }), ...(dial && { dial }) })
  const status = () => (tokens === 0 && pause) || statusLine(stream.metrics, tokens)
  const view = createChatView({ columns: columnsOf(stdout), color })
  const screen = createScreen({ stdout, status: color ? status : undefined })
  const resize = () => view.resize(columnsOf(stdout))
  stdout.on('resize', resize)
  try {
    for await (const event of stream) {
      if (isToken(event)) tokens++
      await screen.print(view.take(event))
    }
  } catch {
    // The outcome has the same error, and what came before it.
  }
  stdout.off('resize', resize)
  await screen.print(view.end())
  await screen.end()
  return stream.outcome
}

function columnsOf({ isTTY, columns }: Terminal['stdout']): number {
  if (isTTY !== true) return Number.POSITIVE_INFINITY
  return Math.max(2, (columns || DEFAULT_COLUMNS) - FREE)
}

function pauseLine({ attempt, delay, error }: RetryInfo): string {
  return `${error.code}: attempt ${attempt + 1} in ${(delay / 1000).toFixed(1)} s`
}
