import type { LlmError } from '../errors.ts'
import type { Outcome } from '../outcome.ts'
import type { Chat } from '../provider.ts'
import { streamChat } from '../stream-chat.ts'
import type { AnswerOptions, Asked } from './answer.ts'
import { createPrinter } from './printer.ts'

/** Prints every event of an answer as a line of JSON, and at last `{"kind":"outcome"}`. */
export async function printJson(
  { provider, dial, attempts }: Asked,
  chat: Chat,
  { stdout, signal, record }: AnswerOptions,
): Promise<Outcome> {
  const { print } = createPrinter(stdout)
  const retry = attempts === undefined ? {} : { attempts }
  const stream = streamChat(provider, chat, { signal, retry, ...(record && { record }), ...(dial && { dial }) })
  try {
    for await (const event of stream) await print(jsonLine(event))
  } catch {
    // The outcome has the same error, and what came before it.
  }
  const outcome = await stream.outcome
  await print(jsonLine({ kind: 'outcome', ...outcome, error: outcome.error && plain(outcome.error) }))
  return outcome
}

function plain({ code, message, status, retryable, retryAfter }: LlmError): object {
  return { code, message, status, retryable, retryAfter }
}

/** What JSON leaves as it is and a terminal would obey, or show another text for: C1, DEL, and what turns text around. */
const UNSAFE = /[\u007f-\u009f\u202a-\u202e\u2066-\u206f\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g

function jsonLine(value: unknown): string {
  const escaped = JSON.stringify(value).replace(UNSAFE, (characters) =>
    characters.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  )
  return `${escaped}\n`
}
