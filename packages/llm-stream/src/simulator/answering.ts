import { paceFor } from './asked-pace.ts'
import { type Delivery, deliverFrames, deliverNothing, deliverText } from './deliver.ts'
import { withEventFaults } from './event-faults.ts'
import { createFaultChoice } from './fault-choice.ts'
import type { FaultSpec } from './fault-spec.ts'
import { faultRefusal, PAGE } from './fault-status.ts'
import { lineOf } from './faulty-connection.ts'
import { countPromptTokens, generate, tokensOf } from './generate.ts'
import type { Call } from './handler.ts'
import { createKeptAnswers } from './kept-answers.ts'
import { flatOut, type Settings } from './options.ts'
import type { PaceOptions } from './pace.ts'
import { createParams } from './params.ts'
import { createRandom, hash, type Random } from './random.ts'
import { failed } from './refusal.ts'
import { readJsonObject } from './request-body.ts'
import { findAgain, from } from './resume.ts'
import type { Answer, Frame, WireFormat } from './wire-format.ts'

/** Answers that can be asked for again. */
const MOST_KEPT = 256
/** The client's name for a stream of which it may want the rest, and how long that name may be. */
const CONVERSATION_FIELD = 'x-conversation-id'
const LONGEST_NAME = 128

/** Makes answers and sends them, or sends them again. Rejects with a Refusal that nobody has been told of. */
export interface Answering {
  answer(call: Call): Promise<void>
  again(call: Call): Promise<void>
}

export function createAnswering(settings: Settings, random: Random): Answering {
  const fingerprint = `fp_${hash('fingerprint', settings.seed).toString(16).padStart(10, '0')}`
  const faultsOf = createFaultChoice(settings.faults)
  const kept = createKeptAnswers(MOST_KEPT)
  let underWay = 0

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

  /** Streams what `select` leaves of the frames; without it, sends the answer as a whole. */
  async function send(
    answer: Answer,
    call: Call,
    { spec, pace }: { readonly spec: FaultSpec; readonly pace: PaceOptions },
    select: ((frames: Iterable<Frame>) => Iterable<Frame>) | undefined,
  ): Promise<void> {
    const { request, respond, format, path, requestId, charge } = call
    if (underWay >= settings.maxAnswers) throw failed('overloaded', format, { fields: { 'Retry-After': '1' } })
    const cost = answer.choices.reduce((sum, choice) => sum + tokensOf(choice).length, 0)
    const fields = format.fields(charge(answer.promptTokens + cost))
    let sent = 0
    let complete = false
    const delivery: Delivery = {
      respond,
      spec,
      pace,
      signal: request.signal,
      line: lineOf(request.connection),
      random: createRandom(hash(answer.id, settings.seed)),
      onToken: () => {
        sent += 1
      },
    }
    const frames = () =>
      withEventFaults(select?.(format.frames(answer)) ?? [], {
        spec,
        keepAlive: format.keepAlive,
        failureFrame: (failure) => format.failureFrame(failed(failure, format), requestId),
      })
    const stop = setTimeout(() => request.connection.abort(), settings.answerTimeout)
    underWay += 1
    try {
      if (spec.page) await deliverText(200, { ...fields, 'Content-Type': 'text/html' }, PAGE, delivery)
      else if (select) await deliverFrames(frames, { ...format.streamFields, ...fields }, delivery)
      else await sendWhole(answer, format, fields, delivery)
      complete = true
    } finally {
      underWay -= 1
      clearTimeout(stop)
      settings.onFinish({ path, tokens: sent, complete })
    }
  }

  async function sendWhole(
    answer: Answer,
    format: WireFormat,
    fields: Readonly<Record<string, string>>,
    delivery: Delivery,
  ): Promise<void> {
    await deliverNothing(answer.choices.flatMap((choice) => tokensOf(choice)).length, delivery)
    const type = { 'Content-Type': 'application/json' }
    await deliverText(200, { ...type, ...fields }, JSON.stringify(format.whole(answer)), delivery)
  }

  return { answer, again }
}
