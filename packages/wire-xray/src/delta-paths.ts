/** Where the providers put the text a model adds, in the JSON of an event: OpenAI's two dialects, Anthropic, Gemini. */
export const DELTA_PATHS: ReadonlySet<string> = new Set([
  'choices[].delta.content',
  'choices[].delta.reasoning_content',
  'choices[].delta.reasoning',
  'choices[].delta.refusal',
  'choices[].delta.tool_calls[].function.arguments',
  'choices[].text',
  'delta',
  'delta.text',
  'delta.thinking',
  'delta.partial_json',
  'candidates[].content.parts[].text',
])
