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
export interface Place {
  /** The places of an object's members. */
  readonly members: Map<string, Place>
  /** The place of an array's elements. */
  element?: Place
  /** Whether a string here is such text. */
  isDelta: boolean
}

/** The object itself. One walk down from here costs less than a path for each string. */
export const ROOT: Place = placesOf(DELTA_PATHS)

function placesOf(paths: readonly string[]): Place {
  const root = createPlace()
  for (const path of paths) {
    let place = root
    for (const step of path.replaceAll('[]', '.[]').split('.')) place = stepInto(place, step)
    place.isDelta = true
  }
  return root
}

function stepInto(place: Place, step: string): Place {
  const next = (step === '[]' ? place.element : place.members.get(step)) ?? createPlace()
  if (step === '[]') place.element = next
  else place.members.set(step, next)
  return next
}

function createPlace(): Place {
  return { members: new Map(), isDelta: false }
}
