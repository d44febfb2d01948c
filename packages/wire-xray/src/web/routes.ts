import type { IncomingRequest, Respond } from '@sse-from-scratch/http-raw'
import type { Channel } from '@sse-from-scratch/sse-server'
import { EVENT_STREAM_HEADERS } from '@sse-from-scratch/sse-server'
import { openSession } from '@sse-from-scratch/sse-server/raw'
import type { PageFile } from './page-files.ts'
import type { Shown } from './shown.ts'
import { whyRefused } from './who-asks.ts'

/** Milliseconds after which a page that lost the line comes back for the rest. */
const RECONNECTION_TIME = 1000

export interface Routes {
  readonly files: ReadonlyMap<string, PageFile>
  readonly shown: Shown
  /** What changes, for the pages that are open. */
  readonly news: Channel
}

/** Answers the page: its files, `/exchanges`, `/exchange` with all its items, `/bytes` with their names, `/events`. */
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
  if (pathname === '/events') return await answerEvents(request, respond, routes)
  const told = file ? undefined : toldOf(pathname, query, routes.shown)
  if (file) await respond(200, file.fields, file.content)
  else if (told === undefined) await respond(404, TEXT, 'There is / and nothing else for people.\n')
  else await respond(200, JSON_FIELDS, JSON.stringify(told))
}

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' }
const JSON_FIELDS = {
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
}

async function answerEvents(request: IncomingRequest, respond: Respond, { news }: Routes): Promise<void> {
  if (request.method === 'HEAD') {
    await respond(200, EVENT_STREAM_HEADERS)
    return
  }
  const session = await openSession(request, respond, { retry: RECONNECTION_TIME })
  news.subscribe(session)
  await session.closed
}

/** Undefined for what there is not. */
function toldOf(pathname: string, query: URLSearchParams, shown: Shown): unknown {
  const [tap, number, from] = ['tap', 'number', 'from'].map((name) => Number(query.get(name) ?? 0)) as [
    number,
    number,
    number,
  ]
  switch (pathname) {
    case '/exchanges':
      return shown.all()
    case '/exchange':
      return shown.whole(tap, number)
    case '/bytes':
      return shown.bytes(tap, number, query.get('direction') === 'up' ? 'up' : 'down', from)
    default:
      return undefined
  }
}
