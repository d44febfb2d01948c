import type { Handler, IncomingRequest, Respond } from '@sse-from-scratch/http-raw'
import { createAnswering } from './answering.ts'
import { deliverText } from './deliver.ts'
import { CutShort, lineOf } from './faulty-connection.ts'
import type { Settings } from './options.ts'
import { createRandom, randomId } from './random.ts'
import { createAllowance } from './rate-limit.ts'
import { failed, Refusal } from './refusal.ts'
import { checkKey, checkVersion, formatOf, type Route, routeOf, splitTarget } from './routes.ts'
import type { Exchange, WireFormat } from './wire-format.ts'

const REQUESTS_PER_MINUTE = 10_000
const TOKENS_PER_MINUTE = 2_000_000

/** A request whose path, method and key are good. */
export interface Call {
  readonly request: IncomingRequest
  readonly respond: Respond
  readonly format: WireFormat
  readonly path: string
  readonly route: Route
  readonly requestId: string
  /** Closes the books on the request: what it cost in tokens goes off the allowance. */
  readonly charge: (cost: number) => Exchange
}

/** All services behind one port. */
export function createHandler(settings: Settings): Handler {
  const random = createRandom(settings.seed)
  const requests = createAllowance(settings.requestsPerMinute ?? REQUESTS_PER_MINUTE)
  const tokens = createAllowance(settings.tokensPerMinute ?? TOKENS_PER_MINUTE)
  const answering = createAnswering(settings, random)

  /** 429, where limits were asked for. */
  function checkAllowance(format: WireFormat, now: number): void {
    const ofRequests = settings.requestsPerMinute === undefined ? 0 : requests.waitFor(1, now)
    const ofTokens = settings.tokensPerMinute === undefined ? 0 : tokens.waitFor(1, now)
    const wait = Math.max(ofRequests, ofTokens)
    if (wait > 0) throw failed('rate-limit', format, { fields: { 'Retry-After': `${Math.ceil(wait / 1000)}` } })
  }

  return async (request, respond) => {
    const { path, query } = splitTarget(request.target)
    const format = formatOf(path, query, request.fields)
    const requestId = `req_${randomId(random, 24)}`
    const now = settings.now()
    const charge = (cost: number) => ({
      requestId,
      now,
      requests: requests.take(0, now),
      tokens: tokens.take(cost, now),
    })
    const call = { request, respond, format, path, requestId, charge }
    try {
      const route = routeOf(request, path, query)
      checkKey(format.apiKey(request.fields, query), settings.apiKey)
      checkVersion(path, request.fields)
      checkAllowance(format, now)
      requests.take(1, now)
      if (route.action === 'models') await answerJson(call, 200, format.models())
      else if (route.action === 'answer') await answering.answer({ ...call, route })
      else await answering.again({ ...call, route })
    } catch (error) {
      if (error instanceof Refusal) await refuse(call, error)
      else if (!(error instanceof CutShort)) throw error // what is cut short on purpose is no error
    } finally {
      lineOf(request.connection)?.arm(undefined)
    }
  }
}

type Refused = Omit<Call, 'route'>

/** Refuses in the words of the service; with the faults of the request, where it is one of them that refuses. */
async function refuse(call: Refused, refusal: Refusal): Promise<void> {
  const { request, respond, format, requestId, charge } = call
  const fields = { ...JSON_CONTENT, ...format.fields(charge(0)), ...refusal.fields }
  const text = JSON.stringify(format.refusal(refusal, requestId))
  const spec = refusal.spec
  const line = lineOf(request.connection)
  await deliverText(refusal.status, fields, text, { respond, signal: request.signal, line, spec })
}

async function answerJson({ respond, format, charge }: Refused, status: number, value: unknown): Promise<void> {
  await respond(status, { ...JSON_CONTENT, ...format.fields(charge(0)) }, JSON.stringify(value))
}

const JSON_CONTENT = { 'Content-Type': 'application/json' }
