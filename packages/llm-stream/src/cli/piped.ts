import { addAbortSignal, type Readable } from 'node:stream'
import { CommandError } from './command-error.ts'

/** Bytes that may be piped in: more than any model reads at once. */
export const MAX_PIPED: number = 4 * 1024 * 1024

/** Milliseconds of silence after which somebody who gave a prompt is told what we still wait for. */
const SILENCE = 2000

/**
 * All that is piped in, as text, without blanks around it.
 *
 * Rejects with a CommandError for more than `MAX_PIPED`, and with an error once the signal aborts.
 */
export async function readPiped(input: Readable, signal: AbortSignal, onSilence: () => void): Promise<string> {
  const utf8 = new TextDecoder()
  const silence = setTimeout(onSilence, SILENCE)
  let text = ''
  let size = 0
  try {
    for await (const bytes of addAbortSignal(signal, input)) {
      clearTimeout(silence)
      size += bytes.length
      if (size > MAX_PIPED) throw new CommandError(`more than ${MAX_PIPED} bytes were piped in`)
      text += utf8.decode(bytes, { stream: true })
    }
  } finally {
    clearTimeout(silence)
  }
  return (text + utf8.decode()).trim()
}
