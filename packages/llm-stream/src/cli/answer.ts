import type { Writable } from 'node:stream'
import type { Outcome } from '../outcome.ts'
import type { ChatMessage } from '../provider.ts'
import { streamChat } from '../stream-chat.ts'
import { createSanitizer } from '../terminal/sanitize.ts'
import { createPrinter } from './printer.ts'
import type { Target } from './target.ts'

export interface AnswerOptions {
  readonly stdout: Writable
  /** Whether thoughts may be shown, dim. */
  readonly color: boolean
  readonly signal: AbortSignal
}

const DIM = '\u001b[2m'
const PLAIN = '\u001b[0m'

/** Prints one answer while it is written, ends its line, and says how it went. */
export async function printAnswer(
  { provider, model }: Target,
  messages: readonly ChatMessage[],
  { stdout, color, signal }: AnswerOptions,
): Promise<Outcome> {
  const stream = streamChat(provider, { model, messages }, { signal })
  const printer = createPrinter(stdout)
  const safe = createSanitizer()
  let thinking = false
  try {
    for await (const event of stream) {
      if (event.kind === 'reasoning' && color) {
        await printer.print((thinking ? '' : DIM) + safe(event.text))
        thinking = true
      } else if ((event.kind === 'text' || event.kind === 'refusal') && event.choice === 0) {
        if (thinking) await printer.print(`${PLAIN}\n\n`)
        thinking = false
        await printer.print(safe(event.text))
      }
    }
  } catch {
    // The outcome has the same error, and what came before it.
  }
  if (thinking) await printer.print(PLAIN)
  await printer.endLine()
  return stream.outcome
}
