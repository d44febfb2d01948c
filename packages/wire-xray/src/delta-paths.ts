/**
 * Where the five wire formats put the text a model adds, in the JSON of an event or a line: Chat Completions and what is
 * compatible with it, Responses, Anthropic, Gemini, Ollama.
 */
export const DELTA_PATHS: readonly string[] = [
  'choices[].delta.content',
  'choices[].delta.content[].text',
  'choices[].delta.reasoning_content',
  'choices[].delta.reasoning',
  'choices[].delta.refusal',
  'choices[].delta.tool_calls[].function.arguments',
  'choices[].delta.function_call.arguments',
  'choices[].text',
  'delta',
  'delta.text',
  'delta.thinking',
  'delta.partial_json',
  'candidates[].content.parts[].text',
  'message.content',
  'message.thinking',
  'response',
]

/** A place in a JSON object, as far as it may lead to such text. */
export interface JsonPlace {
  /** The first of the bytes of its members' names. */
  readonly keys: KeyByte
  /** The place of an array's elements. */
  element?: JsonPlace
  /** Whether a string here is such text. */
  isDelta: boolean
}

/** What may come behind some bytes of a name. Names are followed and not kept: most are other names from their first byte on. */
export interface KeyByte {
  readonly next: Map<number, KeyByte>
  /** The bytes so far. */
  readonly name: string
  /** The place of the member of this name, if it is one. */
  place?: JsonPlace
}

/** The object itself. */
export const ROOT: JsonPlace = placesOf(DELTA_PATHS)

function placesOf(paths: readonly string[]): JsonPlace {
  const root = createPlace()
  for (const path of paths) {
    let place = root
    for (const step of path.replaceAll('[]', '.[]').split('.')) {
      place = step === '[]' ? elementOf(place) : memberOf(place, step)
    }
    place.isDelta = true
  }
  return root
}

function elementOf(place: JsonPlace): JsonPlace {
  place.element ??= createPlace()
  return place.element
}

function memberOf(place: JsonPlace, name: string): JsonPlace {
  let key = place.keys
  for (const char of name) {
    const byte = char.charCodeAt(0)
    const next = key.next.get(byte) ?? { next: new Map(), name: key.name + char }
    key.next.set(byte, next)
    key = next
  }
  key.place ??= createPlace()
  return key.place
}

function createPlace(): JsonPlace {
  return { keys: { next: new Map(), name: '' }, isDelta: false }
}
