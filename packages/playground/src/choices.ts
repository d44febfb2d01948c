import { listModels } from '@sse-from-scratch/llm-stream'
import type { Exchange } from './exchange.ts'
import { FAULTS } from './faults.ts'
import { targetIn } from './question.ts'
import { labelOf, type Targets } from './targets.ts'

/** Milliseconds a server may take to say which models it has. */
const PATIENCE = 3000

/** Models that are offered; any other name can be typed. */
export const MODELS_SHOWN: number = 200

/** What can be chosen: who answers over which wire format, and what can go wrong. No address and no key is in it. */
export async function answerTargets({ respond }: Exchange, all: Targets): Promise<void> {
  const targets = Object.entries(all).map(([name, target]) => ({
    name,
    label: labelOf(target, all),
    model: target.model,
    simulated: target.simulated,
  }))
  const faults = Object.entries(FAULTS).map(([name, { label, sentence }]) => ({ name, label, sentence }))
  await respond(200, JSON_FIELDS, JSON.stringify({ targets, faults }))
}

/** The models of one server, `/models?wire=NAME`; none if it does not say: any name can be asked for. */
export async function answerModels({ request, respond, query }: Exchange, all: Targets): Promise<void> {
  const { provider } = targetIn(query, all)
  const models = await listModels(provider, { timeout: PATIENCE, signal: request.connection.signal }).catch(() => [])
  await respond(200, JSON_FIELDS, JSON.stringify({ models: models.slice(0, MODELS_SHOWN) }))
}

const JSON_FIELDS = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
