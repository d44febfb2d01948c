import { type Delivery, deliverFrames, deliverNothing, deliverText } from './deliver.ts'
import { withEventFaults } from './event-faults.ts'
import type { FaultSpec } from './fault-spec.ts'
import { PAGE } from './fault-status.ts'
import { lineOf } from './faulty-connection.ts'
import { tokensOf } from './generate.ts'
import type { Call } from './handler.ts'
import type { Settings } from './options.ts'
import type { PaceOptions } from './pace.ts'
import { createRandom, hash } from './random.ts'
import { failed } from './refusal.ts'
import type { Answer, Frame, WireFormat } from './wire-format.ts'

/** What goes wrong with an answer, and how fast it comes. */
interface How {
  readonly spec: FaultSpec
  readonly pace: PaceOptions
}

/** Streams what `select` leaves of the frames; without it, sends the answer as a whole. Rejects with a Refusal. */
export type Send = (
  answer: Answer,
  call: Call,
  how: How,
  select: ((frames: Iterable<Frame>) => Iterable<Frame>) | undefined,
) => Promise<void>

/** Sends answers, so many at a time. */
export function createSending(settings: Settings): Send {
  let underWay = 0

  return async (answer, call, { spec, pace }, select) => {
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
