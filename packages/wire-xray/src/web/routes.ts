import type { IncomingRequest, Respond } from '@sse-from-scratch/http-raw'
import type { Session } from '@sse-from-scratch/sse-server'
import { EVENT_STREAM_HEADERS } from '@sse-from-scratch/sse-server'
import { openSession } from '@sse-from-scratch/sse-server/raw'
import { answerItems } from './answer-items.ts'
import type { PageFile } from './page-files.ts'
import type { Shown } from './shown.ts'
import { whyRefused } from './who-asks.ts'

/** Milliseconds after which a page that lost the line comes back for the rest. */
const RECONNECTION_TIME = 1000

export interface Routes {
  readonly files: ReadonlyMap<string, PageFile>
  readonly shown: Shown
  /** A page wants to hear what changes. */
  onListener(session: Session): void
}

/**
 * Answers the page: its files, `/exchanges`, the `/outline` of one and its `/items`, the `/judgement` about it, its `/bytes` with their names, and
 * `/events`, which tell what changes.
 */
export async function route(request: IncomingRequest, respond: Respond, routes: Routes): Promise<void> {
  const refused = whyRefused(request)
  if (refused !== undefined) await respond(403, TEXT, `${refused}\n`)
  else if (request.method === 'GET' || request.method === 'HEAD') await answer(request, respond, routes)
  else await respond(405, { ...TEXT, Allow: 'GET, HEAD' }, 'Nothing here takes anything but GET.\n')
}

async function answer(request: IncomingRequest, respond: Respond, routes: Routes): Promise<void> {
  const location = URL.canParse(request.target, 'http://xray') ? new URL(request.target, 'http://xray') : undefined
  const { pathname = '', searchParams: query = new URLSearchParams() } = location ?? {}
  const file = routes.files.get(pathname)
  if (file) await respond(200, file.fields, file.content)
  else if (pathname === '/events') await answerEvents(request, respond, query, routes)
  else if (pathname === '/exchanges') await respond(200, JSON_FIELDS, JSON.stringify(routes.shown.all()))
  else await answerOf(respond, pathname, query, routes.shown)
}

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' }
const JSON_FIELDS = {
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
}

/** A browser says `Last-Event-ID` when it comes back by itself; a page that was out of sight and looks again says `after`. */
async function answerEvents(
  request: IncomingRequest,
  respond: Respond,
  query: URLSearchParams,
  { onListener }: Routes,
): Promise<void> {
  if (request.method === 'HEAD') {
    await respond(200, EVENT_STREAM_HEADERS)
    return
  }
  const after = request.fields.has('last-event-id') ? null : query.get('after')
  const session = await openSession(request, respond, {
    retry: RECONNECTION_TIME,
    ...(after !== null && { lastEventId: after }),
  })
  onListener(session)
  await session.closed
}

/** What is asked about one exchange. */
async function answerOf(respond: Respond, pathname: string, query: URLSearchParams, shown: Shown): Promise<void> {
  const tap = numberIn(query, 'tap')
  const from = numberIn(query, 'from')
  const exchange = shown.exchange(tap, numberIn(query, 'number'))
  const json = (told: unknown) => respond(200, JSON_FIELDS, JSON.stringify(told))
  if (!exchange) await nothing(respond)
  else if (pathname === '/outline') await json(shown.outline(tap, exchange))
  else if (pathname === '/items') await answerItems(respond, exchange.items, from)
  else if (pathname === '/judgement') await json(shown.judgement(tap, exchange))
  else if (pathname === '/bytes') await json(await shown.bytes(exchange, directionIn(query), from))
  else await nothing(respond)
}

async function nothing(respond: Respond): Promise<void> {
  await respond(404, TEXT, 'There is / and nothing else for people.\n')
}

/** 0 if there is no number. */
function numberIn(query: URLSearchParams, name: string): number {
  const number = Number(query.get(name) ?? 0)
  return Number.isSafeInteger(number) && number >= 0 ? number : 0
}

function directionIn(query: URLSearchParams): 'up' | 'down' {
  return query.get('direction') === 'up' ? 'up' : 'down'
}
