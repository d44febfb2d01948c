import { serve } from '@sse-from-scratch/chunked'
import { simulatedTargets, type Targets } from '@sse-from-scratch/playground'

export interface GatedModel extends AsyncDisposable {
  readonly targets: Targets
  /** Lets the answers go on to their next ten tokens. */
  go(): void
}

/** Tokens of each part of an answer. */
export const PART = 10

/** All that a gated model says in `parts` parts. */
export const gatedText = (parts: number): string => Array.from({ length: parts * PART }, (_, n) => `word${n} `).join('')

/** A model that speaks Chat Completions, ten tokens at a time, and waits to be told to go on between two parts. */
export async function startGatedModel(parts: number): Promise<GatedModel> {
  const gates = Array.from({ length: parts - 1 }, () => new AbortController())
  const server = await serve(async (_request, respond) => {
    const body = await respond(200, { 'Content-Type': 'text/event-stream' })
    const say = (delta: unknown, finish: string | null = null) => {
      const data = JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })
      return body.write(Buffer.from(`data: ${data}\n\n`))
    }
    for (let part = 0; part < parts; part++) {
      if (part > 0) await opened(gates[part - 1]?.signal)
      for (let n = part * PART; n < (part + 1) * PART; n++) await say({ content: `word${n} ` })
    }
    await say({}, 'stop')
    await body.write(Buffer.from('data: [DONE]\n\n'))
    await body.end()
  })
  let open = 0
  return {
    targets: simulatedTargets(`http://127.0.0.1:${server.address.port}`),
    go: () => gates[open++]?.abort(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

function opened(gate: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (!gate || gate.aborted) resolve()
    gate?.addEventListener('abort', () => resolve(), { once: true })
  })
}
