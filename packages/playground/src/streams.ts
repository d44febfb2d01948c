import { EVENT_STREAM_HEADERS } from '@sse-from-scratch/sse-server'
import { openSession } from '@sse-from-scratch/sse-server/raw'
import { answer } from './answer.ts'
import type { Exchange } from './exchange.ts'
import { readQuestion } from './question.ts'
import { Refusal } from './refusal.ts'
import { assertRunName, type Run, type Runs } from './runs.ts'
import type { Targets } from './targets.ts'
import { createWireRecorder } from './wire.ts'

/** Milliseconds after which a browser that lost the line comes back for the rest. */
const RECONNECTION_TIME = 1000

/**
 * Milliseconds between comments while the model is silent. A browser that has left shows when we write, at the second
 * write at the latest; until then the model works for nobody.
 */
const HEARTBEAT = 1000

/**
 * The answer as an event stream.
 *
 * A client that comes back with a Last-Event-ID gets the rest; one that had
 * everything gets 204, which tells it to stop coming back (HTML §9.2.3).
 */
export async function answerEvents(exchange: Exchange, runs: Runs, all: Targets): Promise<void> {
  const { request, respond, query } = exchange
  const lastEventId = request.fields.get('last-event-id')
  if (lastEventId) {
    await answerReturning(exchange, runs.ofEvent(lastEventId), lastEventId)
    return
  }
  const question = readQuestion(query)
  if (request.method === 'HEAD') {
    await respond(200, EVENT_STREAM_HEADERS)
    return
  }
  const run = runs.open(question.run ?? crypto.randomUUID().slice(0, 8))
  if (run.asked) throw new Refusal(409, `The run ${run.name} has been asked its question; start another one.`)
  run.asked = true
  const recorder = createWireRecorder({ leg: 'browser', log: run.bytes, start: run.start })
  exchange.watch(recorder)
  const heard = listenTo(exchange, run)
  heard.catch((reason) => run.stop.abort(reason)) // nobody will hear the answer; awaited below
  try {
    await answer(run, question.prompt, all[question.wire])
  } finally {
    run.answer.finish()
  }
  try {
    await heard
  } finally {
    recorder.flush()
    exchange.watch(undefined)
    run.bytes.conclude('end', {})
    run.bytes.finish()
  }
}

async function answerReturning(exchange: Exchange, run: Run | undefined, lastEventId: string): Promise<void> {
  const { request, respond } = exchange
  if (!run?.asked || run.answer.isOver(lastEventId)) await respond(204)
  else if (request.method === 'HEAD') await respond(200, EVENT_STREAM_HEADERS)
  else await listenTo(exchange, run, lastEventId)
}

async function listenTo({ request, respond }: Exchange, run: Run, lastEventId?: string): Promise<void> {
  const session = await openSession(request, respond, { retry: RECONNECTION_TIME, heartbeat: HEARTBEAT })
  await run.answer.attach(session, lastEventId)
  await session.end()
}

/** The bytes of one or more runs as an event stream: `/bytes?run=a&run=b`. */
export async function answerBytes({ request, respond, query }: Exchange, runs: Runs): Promise<void> {
  const names = [...new Set(query.getAll('run'))]
  if (names.length === 0 || names.length > 4)
    throw new Refusal(400, 'Say whose bytes: /bytes?run=NAME, up to four times.')
  names.forEach(assertRunName)
  if (request.fields.has('last-event-id')) {
    await respond(204) // the page has the bytes it has; a second telling would double them
    return
  }
  if (request.method === 'HEAD') {
    await respond(200, EVENT_STREAM_HEADERS)
    return
  }
  const session = await openSession(request, respond)
  await Promise.all(names.map((name) => runs.open(name).bytes.attach(session)))
  await session.end()
}
