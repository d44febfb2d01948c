import type { IncomingRequest } from '@sse-from-scratch/http-raw'
import { DEFAULT_FIRST_TOKEN_DELAY, flatOut, type Settings } from './options.ts'
import type { PaceOptions } from './pace.ts'
import { Refusal } from './refusal.ts'

/** Overrides tokensPerSecond for one request. */
const SPEED_FIELD = 'x-simulator-tokens-per-second'

/** How fast this request wants it. */
export function paceFor({ fields }: IncomingRequest, settings: Settings): PaceOptions {
  const asked = fields.get(SPEED_FIELD)
  const tokensPerSecond = asked === undefined ? settings.tokensPerSecond : Number(asked.trim() || Number.NaN)
  if (!(tokensPerSecond >= 0)) throw new Refusal(400, `The field ${SPEED_FIELD} must be a number of at least 0.`)
  const { jitter, firstTokenDelay = flatOut(tokensPerSecond) ? 0 : DEFAULT_FIRST_TOKEN_DELAY } = settings
  return { tokensPerSecond, firstTokenDelay, jitter }
}
