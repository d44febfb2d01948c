import type { IncomingRequest, Respond } from '@sse-from-scratch/http-raw'
import type { Exchange } from './exchange.ts'
import { assertLocal } from './local.ts'
import { loadPage, type PageFile } from './page.ts'
import { Refusal } from './refusal.ts'
import type { Runs } from './runs.ts'
import { answerBytes, answerEvents } from './streams.ts'
import type { Targets } from './targets.ts'

type Route = (exchange: Exchange) => Promise<void>

/** What is where: path to what answers it. */
export type Routes = ReadonlyMap<string, Route>

export async function createRoutes(runs: Runs, all: Targets): Promise<Routes> {
  const files = [...(await loadPage())].map(
    ([path, file]) => [path, (exchange: Exchange) => page(exchange, file)] as const,
  )
  return new Map<string, Route>([
    ...files,
    ['/events', (exchange) => answerEvents(exchange, runs, all)],
    ['/bytes', (exchange) => answerBytes(exchange, runs)],
    ['/targets', (exchange) => targets(exchange, all)],
  ])
}

/** Finds who answers; a request that nobody can answer gets a status and a sentence. */
export async function route(
  request: IncomingRequest,
  respond: Respond,
  routes: Routes,
  watch: Exchange['watch'],
): Promise<void> {
  try {
    assertLocal(request)
    const { pathname, searchParams } = locationOf(request.target)
    const found = routes.get(pathname)
    if (!found) throw new Refusal(404, `Nothing is at ${pathname}. There is / and /events?prompt=hello.`)
    if (request.method === 'GET' || request.method === 'HEAD') {
      await found({ request, respond, query: searchParams, watch })
    } else await respond(405, { ...TEXT, Allow: 'GET, HEAD' }, `${pathname} takes GET, not ${request.method}.\n`)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    await respond(error.status, TEXT, `${error.message}\n`)
  }
}

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' }

function locationOf(target: string): URL {
  const location = URL.canParse(target, 'http://playground') && new URL(target, 'http://playground')
  if (!location) throw new Refusal(400, 'The request target is not a path.')
  return location
}

async function page({ respond }: Exchange, { fields, content }: PageFile): Promise<void> {
  await respond(200, fields, content)
}

/** Who answers over which wire format, for the page's labels. */
async function targets({ respond }: Exchange, all: Targets): Promise<void> {
  const labels = Object.entries(all).map(([wire, { provider, model, simulated }]) => [
    wire,
    { provider: provider.name, model: model ?? 'the first model it lists', simulated },
  ])
  const fields = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
  await respond(200, fields, JSON.stringify(Object.fromEntries(labels)))
}
