import { Fields, type IncomingRequest, type Respond } from '@sse-from-scratch/http-raw'
import { openSession } from '@sse-from-scratch/sse-server/raw'
import { createPace, type PaceOptions } from './pace.ts'
import type { Random } from './random.ts'
import type { Answer, WireFormat } from './wire-format.ts'

/** Where an answer goes, in which format and how fast. */
export interface Delivery {
  readonly request: IncomingRequest
  readonly respond: Respond
  readonly format: WireFormat
  /** Fields to send besides those that say what the content is. */
  readonly fields: Readonly<Record<string, string>>
  readonly pace: PaceOptions
  readonly random: Random
  /** Called for each token when it is made and, in a stream, sent. */
  readonly onToken: () => void
}

/** Sends an answer as an event stream, each token when it is due. Rejects as soon as the client has gone. */
export async function deliverStream(answer: Answer, delivery: Delivery): Promise<void> {
  const { request, respond, format, fields, pace, random, onToken } = delivery
  const withFields: Respond = (status, init, body) =>
    respond(status, [...new Fields(init), ...Object.entries(fields)], body)
  const session = await openSession(request, withFields, { heartbeat: 0 }) // neither service sends comments
  const due = createPace(pace, random, session.signal)
  for (const { event, holdsToken } of format.frames(answer)) {
    if (holdsToken) await due()
    await session.send(event)
    if (holdsToken) onToken()
  }
  await session.end()
}

/** Sends an answer as one JSON value when its last token is made, which takes as long as streaming it would. */
export async function deliverWhole(answer: Answer, delivery: Delivery): Promise<void> {
  const { request, respond, format, fields, pace, random, onToken } = delivery
  const due = createPace(pace, random, request.signal)
  for (const choice of answer.choices) {
    for (const _ of choice.tokens) {
      await due()
      onToken()
    }
  }
  await respond(200, { 'Content-Type': 'application/json', ...fields }, JSON.stringify(format.whole(answer)))
}
