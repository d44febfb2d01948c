import { Refusal } from './refusal.ts'
import { assertRunName } from './runs.ts'

/** UTF-8 bytes of prompt one URL may carry. Percent-encoding can triple them, and they must fit in {@link TARGET_SIZE}. */
export const PROMPT_SIZE: number = 16_000

/** Bytes of request-target the playground accepts: room for a whole prompt, percent-encoded. */
export const TARGET_SIZE: number = 64 * 1024

/** Which of the two LLM wire formats carries the answer from the model to us. */
export type Wire = 'openai' | 'anthropic'

export interface Question {
  readonly prompt: string
  readonly wire: Wire
  /** The name of the run, if whoever asks wants to choose it: only then can its bytes be watched. */
  readonly run: string | undefined
}

/** Reads `/events?prompt=…&wire=…&run=…`; throws a {@link Refusal} with a sentence for whoever asked. */
export function readQuestion(query: URLSearchParams): Question {
  const prompt = (query.get('prompt') ?? '').trim()
  if (prompt === '') throw new Refusal(400, 'The prompt is empty. Ask something: /events?prompt=hello')
  const size = Buffer.byteLength(prompt)
  if (size > PROMPT_SIZE) {
    throw new Refusal(414, `The prompt is ${size} bytes long; a URL carries at most ${PROMPT_SIZE} here.`)
  }
  const wire = query.get('wire') ?? 'openai'
  if (wire !== 'openai' && wire !== 'anthropic') {
    throw new Refusal(400, `There is no wire format ${JSON.stringify(wire)}; use openai or anthropic.`)
  }
  const run = query.get('run') ?? undefined
  if (run !== undefined) assertRunName(run)
  return { prompt, wire, run }
}
