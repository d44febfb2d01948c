import { assertHeaders, overrideHeaders } from '@sse-from-scratch/http-raw/headers'
import type { Transport } from '@sse-from-scratch/sse-client/fetch'
import { type ChatStream, createChatStream } from './chat-stream.ts'
import type { UnsentRequest } from './exchange.ts'
import type { Chat, Provider } from './provider.ts'
import { requestUrl } from './request-url.ts'
import { createRetryPolicy, type RetryOptions } from './retry.ts'
import { createTally } from './tally.ts'
import type { Timeouts } from './timeouts.ts'

/** How an answer is fetched, wherever the program runs: how patiently, how much of it, and how often. */
export interface ChatOptions {
  /** Stops the answer wherever it is: `LLM_ABORTED`, with the signal's reason as the cause. */
  readonly signal?: AbortSignal
  readonly timeouts?: Timeouts
  readonly retry?: RetryOptions
  /** Bytes one event may take; so may a line of Ollama's, and a whole JSON body. 4 MiB. */
  readonly maxEventSize?: number
  /** Bytes the whole response body may have. 256 MiB. */
  readonly maxAnswerSize?: number
  /**
   * Whether a last event that lacks its blank line counts. HTML §9.2.6 says no; some providers need it. True.
   */
  readonly flushLastEvent?: boolean
}

/** How the request gets to the provider. */
export interface Network {
  /** What is waited for first: a transport of the caller's has no moment in which it is connected. */
  readonly firstWait: 'connect' | 'headers'
  transport(request: UnsentRequest, watch: NetworkWatch): Transport
}

/** What a network tells of itself, if it can. */
export interface NetworkWatch {
  /** There is a connection. */
  connected(): void
  /** The answer is of no use any more. */
  abort(reason: unknown): void
}

/** @throws TypeError or RangeError for a chat, a base URL, a header or an option that cannot be right */
export function openChat(provider: Provider, chat: Chat, options: ChatOptions, network: Network): ChatStream {
  const { maxEventSize = 4 * 1024 * 1024, maxAnswerSize = 256 * 1024 * 1024, flushLastEvent = true } = options
  const { timeouts = {}, retry = {}, signal } = options
  checkSize('maxEventSize', maxEventSize)
  checkSize('maxAnswerSize', maxAnswerSize)
  const policy = createRetryPolicy(retry)
  return createChatStream({
    provider,
    request: requestOf(provider, chat),
    tally: createTally(chat),
    timeouts,
    policy,
    onRetry: retry.onRetry ?? (() => {}),
    signal,
    network,
    limits: { maxEventSize, maxAnswerSize, flushLastEvent },
  })
}

function checkSize(name: string, size: number): void {
  if (!(size > 0)) throw new RangeError(`${name} must be above 0, not ${size}`)
}

function requestOf(provider: Provider, chat: Chat): UnsentRequest {
  const { path, headers, body } = provider.request(chat)
  assertHeaders(headers)
  const own = { 'Content-Type': 'application/json', Accept: 'text/event-stream' }
  return {
    url: requestUrl(provider.baseUrl, path),
    method: 'POST',
    headers: overrideHeaders(own, headers),
    body: JSON.stringify(body),
  }
}
