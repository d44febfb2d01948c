import type { Handler, IncomingRequest, Respond } from '@sse-from-scratch/http-raw'
import { type Delivery, deliverStream, deliverWhole } from './deliver.ts'
import { type Ask, countPromptTokens, generate } from './generate.ts'
import { DEFAULT_FIRST_TOKEN_DELAY, flatOut, type Settings } from './options.ts'
import type { PaceOptions } from './pace.ts'
import { createParams } from './params.ts'
import { createRandom, hash, randomId } from './random.ts'
import { createAllowance } from './rate-limit.ts'
import { Refusal } from './refusal.ts'
import { readJsonObject } from './request-body.ts'
import { checkKey, checkRoute, checkVersion, formatOf } from './routes.ts'
import type { Answer, Exchange, WireFormat } from './wire-format.ts'

const REQUESTS_PER_MINUTE = 10_000
const TOKENS_PER_MINUTE = 2_000_000

/** A request whose path, method and key are good. */
interface Call {
  readonly request: IncomingRequest
  readonly respond: Respond
  readonly format: WireFormat
  readonly path: string
  /** Closes the books on the request: what it cost in tokens goes off the allowance. */
  readonly charge: (cost: number) => Exchange
}

/** Both services behind one port. */
export function createHandler(settings: Settings): Handler {
  const random = createRandom(settings.seed)
  const fingerprint = `fp_${hash('fingerprint', settings.seed).toString(16).padStart(10, '0')}`
  const requests = createAllowance(REQUESTS_PER_MINUTE)
  const tokens = createAllowance(TOKENS_PER_MINUTE)

  return async (request, respond) => {
    const path = request.target.split('?', 1)[0] ?? ''
    const format = formatOf(path, request.fields)
    const requestId = `req_${randomId(random, 24)}`
    const now = settings.now()
    const allowed = requests.take(1, now)
    const charge = (cost: number) => ({ requestId, now, requests: allowed, tokens: tokens.take(cost, now) })
    const answerJson = (status: number, value: unknown, fields: Readonly<Record<string, string>> = {}) =>
      respond(status, { ...JSON_CONTENT, ...format.fields(charge(0)), ...fields }, JSON.stringify(value))
    try {
      checkRoute(path, request.method)
      checkKey(format.apiKey(request.fields), settings.apiKey)
      checkVersion(path, request.fields)
      if (path === '/v1/models') await answerJson(200, format.models())
      else await answerChat({ request, respond, format, path, charge })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      await answerJson(error.status, format.refusal(error, requestId), error.fields)
    }
  }

  async function answerChat(call: Call): Promise<void> {
    const { request, format, path, charge } = call
    const ask = format.readAsk(createParams(await readJsonObject(request, settings.bodySize), format.indexed))
    const pace = paceFor(request, settings)
    const answer = makeAnswer(ask, format)
    let sent = 0
    let complete = false
    const delivery: Delivery = {
      ...call,
      pace,
      fields: format.fields(charge(tokensIn(answer))),
      random: createRandom(hash(answer.id, settings.seed)),
      onToken: () => {
        sent += 1
      },
    }
    try {
      await (ask.stream ? deliverStream : deliverWhole)(answer, delivery)
      complete = true
    } finally {
      settings.onFinish({ path, tokens: sent, complete })
    }
  }

  function makeAnswer(ask: Ask, format: WireFormat): Answer {
    return {
      ask,
      fingerprint,
      id: format.answerId(random),
      created: settings.now(),
      promptTokens: countPromptTokens(ask.turns),
      choices: generate(ask, settings.seed, settings.words),
    }
  }
}

const JSON_CONTENT = { 'Content-Type': 'application/json' }

/** Overrides tokensPerSecond for one request. */
const SPEED_FIELD = 'x-simulator-tokens-per-second'

function paceFor({ fields }: IncomingRequest, settings: Settings): PaceOptions {
  const asked = fields.get(SPEED_FIELD)
  const tokensPerSecond = asked === undefined ? settings.tokensPerSecond : Number(asked.trim() || Number.NaN)
  if (!(tokensPerSecond >= 0)) throw new Refusal(400, `The field ${SPEED_FIELD} must be a number of at least 0.`)
  const { jitter, firstTokenDelay = flatOut(tokensPerSecond) ? 0 : DEFAULT_FIRST_TOKEN_DELAY } = settings
  return { tokensPerSecond, firstTokenDelay, jitter }
}

function tokensIn({ promptTokens, choices }: Answer): number {
  return choices.reduce((sum, choice) => sum + choice.tokens.length, promptTokens)
}
