import { paceFor } from './asked-pace.ts'
import { createFaultChoice } from './fault-choice.ts'
import { faultRefusal } from './fault-status.ts'
import { countPromptTokens, generate } from './generate.ts'
import type { Call } from './handler.ts'
import { createKeptAnswers } from './kept-answers.ts'
import { flatOut, type Settings } from './options.ts'
import { createParams } from './params.ts'
import { hash, type Random } from './random.ts'
import { readJsonObject } from './request-body.ts'
import { findAgain, from } from './resume.ts'
import { createSending } from './sending.ts'
import type { Answer } from './wire-format.ts'

/** Answers that can be asked for again. */
const MOST_KEPT = 256
/** The client's name for a stream of which it may want the rest, and how long that name may be. */
const CONVERSATION_FIELD = 'x-conversation-id'
const LONGEST_NAME = 128

/** Makes answers and has them sent, or sent again. Rejects with a Refusal that nobody has been told of. */
export interface Answering {
  answer(call: Call): Promise<void>
  again(call: Call): Promise<void>
}

export function createAnswering(settings: Settings, random: Random): Answering {
  const fingerprint = `fp_${hash('fingerprint', settings.seed).toString(16).padStart(10, '0')}`
  const faultsOf = createFaultChoice(settings.faults)
  const kept = createKeptAnswers(MOST_KEPT)
  const send = createSending(settings)

  async function answer(call: Call): Promise<void> {
    const { request, format, route } = call
    const params = createParams(await readJsonObject(request, settings.bodySize), format.indexed)
    const ask = format.readAsk(params, route.target)
    const { query } = route.target
    const spec = faultsOf({ fields: request.fields, query, model: ask.model })
    const refusal = faultRefusal(spec, format, settings.now())
    if (refusal) throw refusal
    const pace = paceFor(request, settings)
    const made: Answer = {
      ask,
      fingerprint,
      id: format.answerId(random),
      created: settings.now(),
      promptTokens: countPromptTokens(ask.turns),
      choices: generate(ask, { ...settings, ...spec, waves: spec.cut?.inside === 'utf8' }),
      tokenTime: flatOut(pace.tokensPerSecond) ? 0 : 1000 / pace.tokensPerSecond,
    }
    keep(call, made)
    await send(made, call, { spec, pace }, ask.stream && !spec.whole ? (frames) => frames : undefined)
  }

  function keep({ request, format }: Call, answer: Answer): void {
    const name = request.fields.get(CONVERSATION_FIELD)
    if (name !== undefined && name.length <= LONGEST_NAME) kept.keep(`stream ${name}`, { answer, format })
    if (answer.ask.store) kept.keep(`response ${answer.id}`, { answer, format })
  }

  async function again(call: Call): Promise<void> {
    const { request, route } = call
    const found = findAgain(route, kept)
    const spec = faultsOf({ fields: request.fields, query: route.target.query, model: '' })
    const how = { spec, pace: paceFor(request, settings) }
    const { answer, format, start } = found
    await send(answer, { ...call, format }, how, start && ((frames) => from(frames, start)))
  }

  return { answer, again }
}
