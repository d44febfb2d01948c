import { LlmError } from './errors.ts'
import { type JsonObject, listOf, objectOf, parseJson, textOf } from './json.ts'
import { pageIn } from './page.ts'

/**
 * The names of the models in an answer, at least one. `where` is who gave it, for the error.
 *
 * @throws LlmError `LLM_PROTOCOL` for something else, and for an empty list
 */
export function modelsIn(text: string, where: string): readonly string[] {
  const json = parseJson(text)
  if (json === undefined) {
    const came = pageIn(text) ?? 'something that is not JSON'
    throw new LlmError(
      'LLM_PROTOCOL',
      `${where} answered with ${came}, where a list of models was asked for: check the base URL`,
    )
  }
  const models = namesIn(objectOf(json)).filter((id) => id !== '')
  if (models.length > 0) return models
  throw new LlmError('LLM_PROTOCOL', `${where} lists no model: load one, or name one (LLM_MODEL)`)
}

/** `data` with ids (OpenAI, Anthropic), or `models` with names (Gemini, Ollama). Gemini lists some that do not chat, and says so. */
function namesIn(list: JsonObject): string[] {
  const chats = (model: JsonObject) => {
    const methods = model['supportedGenerationMethods']
    return methods === undefined || listOf(methods).includes('generateContent')
  }
  const models = listOf(list['models']).map(objectOf).filter(chats)
  return [
    ...listOf(list['data']).map((entry) => textOf(objectOf(entry)['id'])),
    ...models.map((model) => textOf(model['name'])),
  ]
}
