import { overrideHeaders } from '@sse-from-scratch/http-raw/headers'
import { objectOf } from '../json.ts'
import type { Chat, ChatMessage, Provider, ProviderOptions } from '../provider.ts'
import { checkBaseUrl } from './base-url.ts'
import { errorReader, isGenuine } from './error-reader.ts'
import { createGeminiMapper } from './gemini-mapper.ts'
import { turnsOf } from './gemini-turns.ts'
import { checkChat, checkKey, KEY_OPTION } from './request-checks.ts'
import { toolList } from './tool-list.ts'

const GEMINI_HOST = 'generativelanguage.googleapis.com'

/**
 * Gemini's `streamGenerateContent?alt=sse`. `baseUrl` is everything before `/models/…`, as in
 * `https://generativelanguage.googleapis.com/v1beta`; an address without any path is taken to mean its `/v1beta`.
 *
 * Vertex speaks it too: its base URL ends in `/publishers/google`, and `headers` has its `Authorization`.
 *
 * @throws TypeError for a base URL or a key that cannot work
 */
export function gemini(options: ProviderOptions = {}): Provider {
  const { keyName = KEY_OPTION, headers = {} } = options
  const apiKey = checkKey(options.apiKey, keyName)
  const baseUrl = withVersion(checkBaseUrl(options.baseUrl ?? `https://${GEMINI_HOST}`, options.baseUrlName))
  const who = { service: 'Gemini', host: GEMINI_HOST, baseUrl, keyName, apiKey, headers }
  return {
    name: 'gemini',
    baseUrl,
    baseUrlName: options.baseUrlName,
    modelsPath: '/models',
    ...(isGenuine(who) && { defaultModel: 'gemini-flash-latest' }),
    request(chat) {
      checkChat(chat)
      return {
        path: `/${modelPath(chat.model)}:streamGenerateContent?alt=sse`,
        headers: overrideHeaders(apiKey === undefined ? {} : { 'x-goog-api-key': apiKey }, headers),
        body: bodyOf(chat),
      }
    },
    createMapper: () => createGeminiMapper('gemini'),
    readError: errorReader(who),
  }
}

function withVersion(baseUrl: string): string {
  return new URL(baseUrl).pathname === '/' && !baseUrl.includes('?') ? `${baseUrl}/v1beta` : baseUrl
}

/** A bare name is one of the models; the list of models, and tuned models, say the path themselves. @throws TypeError for one that leads out of it */
function modelPath(model: string): string {
  const segments = (model.includes('/') ? model : `models/${model}`).split('/')
  if (segments.some((segment) => segment === '.' || segment === '..')) {
    throw new TypeError(`chat.model is no name of a model: ${JSON.stringify(model)}`)
  }
  return segments.map(encodeURIComponent).join('/')
}

function bodyOf({ messages, maxTokens, temperature, tools, extra }: Chat): unknown {
  const system = messages.filter(({ role }) => role === 'system').map(textPart)
  const declarations = toolList(tools, ({ name, description, parameters }) => ({
    name,
    description,
    parametersJsonSchema: parameters,
  }))
  const config = { maxOutputTokens: maxTokens, temperature, ...objectOf(extra?.['generationConfig']) }
  return {
    contents: turnsOf(messages),
    systemInstruction: system.length > 0 ? { parts: system } : undefined,
    tools: declarations && [{ functionDeclarations: declarations }],
    ...extra,
    generationConfig: Object.values(config).some((value) => value !== undefined) ? config : undefined,
  }
}

function textPart({ content }: ChatMessage): unknown {
  return { text: content }
}
