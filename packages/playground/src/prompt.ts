/** UTF-8 bytes of prompt one URL may carry. Percent-encoding can triple them, and they must fit in {@link TARGET_SIZE}. */
export const PROMPT_SIZE: number = 16_000

/** Bytes of request-target the playground accepts: room for a whole prompt, percent-encoded. */
export const TARGET_SIZE: number = 64 * 1024

/** Which of the two LLM wire formats carries the answer from the model to us. */
export type Wire = 'openai' | 'anthropic'

export interface Question {
  readonly prompt: string
  readonly wire: Wire
  /** Names the answer, so that {@link file://./runs.ts} can find it again and its bytes can be watched. */
  readonly run: string | undefined
}

/** A request that cannot be answered, with the status and the sentence that say so. */
export class BadQuestion extends Error {
  override readonly name = 'BadQuestion'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Reads `/events?prompt=…&wire=…&run=…`; throws {@link BadQuestion} with a sentence for whoever asked. */
export function readQuestion(query: URLSearchParams): Question {
  const prompt = (query.get('prompt') ?? '').trim()
  if (prompt === '') throw new BadQuestion(400, 'The prompt is empty. Ask something: /events?prompt=hello')
  const size = Buffer.byteLength(prompt)
  if (size > PROMPT_SIZE) {
    throw new BadQuestion(414, `The prompt is ${size} bytes long; a URL carries at most ${PROMPT_SIZE} here.`)
  }
  const wire = query.get('wire') ?? 'openai'
  if (wire !== 'openai' && wire !== 'anthropic') {
    throw new BadQuestion(400, `There is no wire format ${JSON.stringify(wire)}; use openai or anthropic.`)
  }
  const run = query.get('run') ?? undefined
  if (run !== undefined) assertRunName(run)
  return { prompt, wire, run }
}

/** A run is named by whoever starts it: a UUID from the page, or nothing. */
export function assertRunName(run: string): void {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(run)) {
    throw new BadQuestion(400, 'A run is named with 1 to 64 letters, digits and hyphens.')
  }
}
