import { overrideHeaders } from '@sse-from-scratch/http-raw/headers'
import type { Chat, LlmMapper, Provider, ProviderOptions } from '../provider.ts'
import { checkBaseUrl } from './base-url.ts'
import { errorReader } from './error-reader.ts'
import { checkChat, checkKey, KEY_OPTION } from './request-checks.ts'

const OPENAI_HOST = 'api.openai.com'
const MISTRAL_HOST = 'api.mistral.ai'
const OPENAI_URL = `https://${OPENAI_HOST}/v1`
/** Cheap, and known to be there. */
const OPENAI_MODEL = 'gpt-5.4-mini'

/** Who runs a server of these formats, as far as it matters to what is sent there. */
export type OpenaiServer = 'openai' | 'mistral' | 'other'

/** What the wire formats of OpenAI do differently. */
export interface OpenaiFormat {
  readonly name: string
  /** Behind the base URL. */
  readonly path: string
  /** Servers may refuse what they do not know. */
  bodyOf(chat: Chat, server: OpenaiServer): unknown
  createMapper(name: string): LlmMapper
}

/**
 * OpenAI, or a server compatible with it, in one of its formats: address, key and errors are the same in all.
 *
 * @throws TypeError for a base URL or a key that cannot work
 */
export function openaiService({ name, path, bodyOf, createMapper }: OpenaiFormat, options: ProviderOptions): Provider {
  const { keyName = KEY_OPTION, headers = {} } = options
  const apiKey = checkKey(options.apiKey, keyName)
  const baseUrl = withVersion(checkBaseUrl(options.baseUrl ?? OPENAI_URL, options.baseUrlName))
  const who = { service: 'OpenAI', host: OPENAI_HOST, baseUrl, keyName, apiKey, headers }
  const server = serverAt(baseUrl)
  const auth = apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` }
  return {
    name,
    baseUrl,
    baseUrlName: options.baseUrlName,
    modelsPath: '/models',
    ...(server === 'openai' && { defaultModel: OPENAI_MODEL }),
    request(chat) {
      checkChat(chat)
      return { path, headers: overrideHeaders(auth, headers), body: bodyOf(chat, server) }
    },
    createMapper: () => createMapper(name),
    readError: errorReader(who),
  }
}

function serverAt(baseUrl: string): OpenaiServer {
  const { hostname } = new URL(baseUrl)
  if (hostname === OPENAI_HOST) return 'openai'
  return hostname === MISTRAL_HOST ? 'mistral' : 'other'
}

/** The base URL, or its `/v1` if it has no path at all: practically all of these servers are there. */
function withVersion(baseUrl: string): string {
  return new URL(baseUrl).pathname === '/' && !baseUrl.includes('?') ? `${baseUrl}/v1` : baseUrl
}
