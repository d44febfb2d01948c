import type { IncomingRequest, Respond } from '@sse-from-scratch/http-raw'
import { answerModels, answerTargets } from './choices.ts'
import type { Exchange } from './exchange.ts'
import { assertLocal } from './local.ts'
import { loadPage, type PageFile } from './page.ts'
import { Refusal } from './refusal.ts'
import type { Runs } from './runs.ts'
import { answerBytes, answerEvents, cutLines, stopRuns } from './streams.ts'
import type { Targets } from './targets.ts'

interface Route {
  readonly method: 'GET' | 'POST'
  readonly answer: (exchange: Exchange) => Promise<void>
}

/** What is where: path to what answers it. */
export type Routes = ReadonlyMap<string, Route>

export async function createRoutes(runs: Runs, all: Targets, xray: string): Promise<Routes> {
  const get = (answer: Route['answer']): Route => ({ method: 'GET', answer })
  const post = (answer: Route['answer']): Route => ({ method: 'POST', answer })
  const files = [...(await loadPage())].map(([path, file]) => [path, get((exchange) => page(exchange, file))] as const)
  return new Map<string, Route>([
    ...files,
    ['/events', get((exchange) => answerEvents(exchange, runs, all))],
    ['/bytes', get((exchange) => answerBytes(exchange, runs))],
    ['/cut', post((exchange) => cutLines(exchange, runs))],
    ['/stop', post((exchange) => stopRuns(exchange, runs))],
    ['/xray', get(({ respond }) => lead(respond, xray))],
    ['/targets', get((exchange) => answerTargets(exchange, all))],
    ['/models', get((exchange) => answerModels(exchange, all))],
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
    const methods = found.method === 'GET' ? ['GET', 'HEAD'] : ['POST']
    if (methods.includes(request.method)) await found.answer({ request, respond, query: searchParams, watch })
    else {
      const sentence = `${pathname} takes ${found.method}, not ${request.method}.\n`
      await respond(405, { ...TEXT, Allow: methods.join(', ') }, sentence)
    }
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

/** The x-ray has a port of its own: it is for this machine only, wherever the playground listens. */
async function lead(respond: Respond, url: string): Promise<void> {
  await respond(303, { ...TEXT, Location: url, 'Cache-Control': 'no-store' }, `The x-ray is at ${url}\n`)
}

async function page({ respond }: Exchange, { fields, content }: PageFile): Promise<void> {
  await respond(200, fields, content)
}
