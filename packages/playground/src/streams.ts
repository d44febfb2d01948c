import { EVENT_STREAM_HEADERS, SessionError } from '@sse-from-scratch/sse-server'
import { openSession } from '@sse-from-scratch/sse-server/raw'
import { answer } from './answer.ts'
import type { Exchange } from './exchange.ts'
import { readQuestion } from './question.ts'
import { Refusal } from './refusal.ts'
import type { Run } from './run.ts'
import { assertRunName, type Runs } from './runs.ts'
import type { Targets } from './targets.ts'
import { createWireRecorder } from './wire.ts'

/** Milliseconds after which a browser that lost the line comes back for the rest. */
const RECONNECTION_TIME = 1000

/** Milliseconds between comments while the model is silent: a browser that has left shows when we write. */
const HEARTBEAT = 1000

/** Runs that one request may be about. */
const RUNS_NAMED = 4

/**
 * The answer as an event stream.
 *
 * A client that comes back with a Last-Event-ID gets the rest, and what is still being made; one that had
 * everything gets 204, which tells it to stop coming back (HTML §9.2.3).
 */
export async function answerEvents(exchange: Exchange, runs: Runs, all: Targets): Promise<void> {
  const { request, respond, query } = exchange
  const lastEventId = request.fields.get('last-event-id')
  if (lastEventId) {
    await answerReturning(exchange, runs.ofEvent(lastEventId), lastEventId)
    return
  }
  const question = readQuestion(query, all)
  if (request.method === 'HEAD') {
    await respond(200, EVENT_STREAM_HEADERS)
    return
  }
  const run = runs.open(question.run ?? crypto.randomUUID().slice(0, 8))
  if (run.asked) throw new Refusal(409, `The run ${run.name} has been asked its question; start another one.`)
  run.asked = true
  const heard = listenTo(exchange, run)
  heard.catch((reason) => run.stop.abort(reason)) // there never was a line to come back to; awaited below
  await answer(run, question).finally(() => run.finish())
  await heard
}

async function answerReturning(exchange: Exchange, run: Run | undefined, lastEventId: string): Promise<void> {
  const { request, respond } = exchange
  if (!run?.asked || run.answer.isOver(lastEventId)) await respond(204)
  else if (request.method === 'HEAD') await respond(200, EVENT_STREAM_HEADERS)
  else await listenTo(exchange, run, lastEventId)
}

/** Tells the answer over one connection, for as long as there is both. */
async function listenTo({ request, respond, watch }: Exchange, run: Run, lastEventId?: string): Promise<void> {
  const { connection } = request
  const line = ++run.linesSoFar
  if (lastEventId !== undefined) run.mark('browser', 'resumed', `Line ${line}. Last-Event-ID: ${lastEventId}`)
  const recorder = createWireRecorder({ leg: 'browser', line, run })
  const overheard = run.xray?.page(request)
  watch({
    take(bytes) {
      recorder.take(bytes)
      overheard?.take(bytes)
    },
    flush: recorder.flush,
  })
  run.lines.add(connection)
  let heardAll = false
  try {
    const session = await openSession(request, respond, { retry: RECONNECTION_TIME, heartbeat: HEARTBEAT })
    await run.answer.attach(session, lastEventId)
    await session.end()
    heardAll = session.signal.reason instanceof SessionError && session.signal.reason.code === 'SSE_SESSION_ENDED'
  } finally {
    recorder.flush()
    watch(undefined)
    run.lines.delete(connection)
    if (!heardAll) overheard?.cut(run.cuts.has(connection) ? 'down' : 'up')
    if (!heardAll) run.mark('browser', 'cut', `Line ${line} ends here. Last event written: ${run.answer.lastId}`)
    run.left(heardAll)
  }
}

/** The bytes of one or more runs as an event stream: `/bytes?run=a&run=b`. Who comes back drops what it has had. */
export async function answerBytes({ request, respond, query }: Exchange, runs: Runs): Promise<void> {
  const names = runNames(query, '/bytes')
  const lastEventId = request.fields.get('last-event-id')
  if (lastEventId && !names.some((name) => comesBackFor(runs, name, lastEventId))) {
    await respond(204)
    return
  }
  if (request.method === 'HEAD') {
    await respond(200, EVENT_STREAM_HEADERS)
    return
  }
  const session = await openSession(request, respond, { retry: RECONNECTION_TIME })
  await Promise.all(names.map((name) => runs.open(name).bytes.attach(session, lastEventId)))
  await session.end()
}

/** Whether there is more to hear of this run. Another run's id says nothing about it, so only a run under way counts. */
function comesBackFor(runs: Runs, name: string, lastEventId: string): boolean {
  const run = runs.get(name)
  if (!run) return false
  return runs.ofEvent(lastEventId) === run ? !run.bytes.isOver(lastEventId) : !run.bytes.finished
}

/** Cuts the connections that the answers of these runs are told over: `POST /cut?run=a&run=b`. */
export async function cutLines({ respond, query }: Exchange, runs: Runs): Promise<void> {
  const cut = runNames(query, '/cut').reduce((sum, name) => sum + (runs.get(name)?.cut() ?? 0), 0)
  await respond(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }, JSON.stringify({ cut }))
}

/** Stops the models of these runs now: `POST /stop?run=a&run=b`, for whoever knows that nobody will come back. */
export async function stopRuns({ respond, query }: Exchange, runs: Runs): Promise<void> {
  for (const name of runNames(query, '/stop')) runs.get(name)?.stop.abort(new Error('Stopped.'))
  await respond(204)
}

function runNames(query: URLSearchParams, path: string): readonly string[] {
  const names = [...new Set(query.getAll('run'))]
  if (names.length === 0 || names.length > RUNS_NAMED)
    throw new Refusal(400, `Say which run: ${path}?run=NAME, up to ${RUNS_NAMED} times.`)
  names.forEach(assertRunName)
  return names
}
