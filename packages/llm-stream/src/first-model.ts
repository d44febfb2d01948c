import { assertHeaders, overrideHeaders } from '@sse-from-scratch/http-raw/headers'
import type { Transport } from '@sse-from-scratch/sse-client'
import { rawTransport } from '@sse-from-scratch/sse-client/raw'
import { LONGEST_TIMER } from '@sse-from-scratch/tcp-echo/limits'
import { createBodyReader } from './body-reader.ts'
import { concat } from './concat.ts'
import { LlmError } from './errors.ts'
import { modelsIn } from './model-list.ts'
import type { Provider } from './provider.ts'
import { followWithinOrigin } from './redirects.ts'
import { requestUrl } from './request-url.ts'
import { fieldsFrom, lookupIn } from './response-headers.ts'
import { redacted, secretsOf } from './secrets.ts'
import { bodyError, connectError } from './transport-error.ts'

/** How to ask for the list of models, and how long to wait for it. */
export interface FirstModelOptions {
  /** Default: as in `StreamChatOptions`. */
  readonly transport?: Transport
  readonly signal?: AbortSignal
  /** Milliseconds for all of it. 10 000. */
  readonly timeout?: number
}

/** Bytes a list of models may have. */
const MAX_LIST = 8 * 1024 * 1024

/**
 * The first model on the server's own list (`GET /models`): a local server usually has one.
 *
 * Rejects with an LlmError: `LLM_CONNECT`, `LLM_STATUS`, `LLM_TIMEOUT`, `LLM_PROTOCOL` when the answer is no such list
 * or an empty one; and on abort with the signal's reason.
 */
export async function firstModel(provider: Provider, options: FirstModelOptions = {}): Promise<string> {
  const [model] = await listModels(provider, options)
  return model as string // a list that is empty rejects
}

/** All models on the server's own list, at least one, in its order. Rejects like {@link firstModel}. */
export async function listModels(provider: Provider, options: FirstModelOptions = {}): Promise<readonly string[]> {
  const { transport = followWithinOrigin(rawTransport({ redirects: 0 })), timeout = 10_000, signal } = options
  const { modelsPath } = provider
  if (modelsPath === undefined) throw new TypeError(`${provider.name} has no list of models: name one`)
  signal?.throwIfAborted()
  // The headers are the same for every request; what is asked here is never sent.
  const { headers } = provider.request({ model: '-', messages: [{ role: 'user', content: '-' }] })
  assertHeaders(headers)
  const url = requestUrl(provider.baseUrl, modelsPath)
  const late = AbortSignal.timeout(Math.min(timeout, LONGEST_TIMER))
  const over = AbortSignal.any(signal ? [signal, late] : [late])
  try {
    return await ask(provider, url, headers, transport, over)
  } catch (error) {
    signal?.throwIfAborted()
    if (late.aborted) throw new LlmError('LLM_TIMEOUT', `no list of models within ${timeout} ms`)
    throw error instanceof LlmError ? redacted(error, secretsOf({ url, headers }), false) : error
  }
}

async function ask(
  provider: Provider,
  url: URL,
  headers: Readonly<Record<string, string>>,
  transport: Transport,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const response = await transport({
    url,
    method: 'GET',
    headers: overrideHeaders({ Accept: 'application/json' }, headers),
    signal,
  }).catch((error: unknown) => {
    throw connectError(provider, url, error)
  })
  const body = await readAll(response.body)
  if (response.status !== 200) throw provider.readError(response.status, fieldsFrom(lookupIn(response)), body)
  return modelsIn(new TextDecoder().decode(body), `${url.origin}${url.pathname}`)
}

async function readAll(body: Parameters<typeof createBodyReader>[0]): Promise<Uint8Array> {
  const reader = createBodyReader(body)
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for (let bytes = await reader.read(); bytes !== null; bytes = await reader.read()) {
      parts.push(Uint8Array.from(bytes))
      size += bytes.length
      if (size > MAX_LIST) throw new LlmError('LLM_PROTOCOL', `a list of models longer than ${MAX_LIST} bytes`)
    }
  } catch (error) {
    throw error instanceof LlmError ? error : bodyError(error)
  } finally {
    reader.cancel()
  }
  return concat(parts)
}
