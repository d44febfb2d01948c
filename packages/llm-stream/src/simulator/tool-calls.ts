import type { Ask, ToolSpec } from './ask.ts'
import type { Part } from './generate.ts'
import { type Random, randomId } from './random.ts'
import { valueFor } from './schema-value.ts'
import { bothEnds, keyOf, subjectWords } from './topics.ts'

/** Calls of one answer. */
const MOST_CALLS = 8
/** Characters of the arguments of a call. */
const LONGEST_ARGUMENTS = 16_384

/**
 * The calls an answer consists of. A tool is called when the last message is the user's and has the tool's name in it, or
 * a word of it: "weather" is enough for `get_weather`. A name that is there twice is called twice.
 */
export function callsFor(ask: Ask, words: readonly string[], random: Random): readonly Part[] {
  const tools = toolsToCall(ask).slice(0, ask.parallelCalls ? MOST_CALLS : 1)
  return tools.map(({ name, parameters, custom }, i) => {
    const about = subjectsFor(name, words)
    const turned = about.map((_, k) => about[(k + i) % about.length] ?? '') // each call its own word first
    const text = custom ? turned.join(' ') : argumentsFor(parameters, random, turned)
    return { kind: 'call', id: randomId(random, 24), name, custom, tokens: pieces(text) }
  })
}

function toolsToCall({ tools, toolChoice, turns }: Ask): readonly ToolSpec[] {
  if (toolChoice === 'none') return []
  if (typeof toolChoice === 'object') return tools.filter(({ name }) => name === toolChoice.name)
  const last = turns.at(-1)
  const named = last?.role === 'user' ? mentioned(tools, bothEnds(last.text)) : []
  return named.length > 0 || toolChoice === 'auto' ? named : tools.slice(0, 1)
}

function mentioned(tools: readonly ToolSpec[], prompt: string): readonly ToolSpec[] {
  const said = new Set(subjectWords(prompt).map(keyOf))
  return tools.flatMap((tool) => {
    const times = prompt.split(tool.name).length - 1
    if (times > 0) return Array.from({ length: Math.min(times, MOST_CALLS) }, () => tool)
    return wordsIn(tool.name).some((word) => said.has(keyOf(word))) ? [tool] : []
  })
}

/** As JSON; a schema whose constants are longer than this gets no arguments at all. */
function argumentsFor(schema: unknown, random: Random, words: readonly string[]): string {
  const text = JSON.stringify(valueFor(schema, random, words))
  return text.length <= LONGEST_ARGUMENTS ? text : '{}'
}

/** The words that are not the tool's own, names before others: for `get_weather` it is Bern and not the weather. */
function subjectsFor(name: string, words: readonly string[]): readonly string[] {
  const own = new Set(wordsIn(name).map(keyOf))
  const others = words.filter((word) => !own.has(keyOf(word)))
  const isName = (word: string) => /^\p{Lu}/u.test(word)
  return [...others.filter(isName), ...others.filter((word) => !isName(word))]
}

/** `get_weather` and `getWeather` are two words. The short ones say too little. */
function wordsIn(name: string): readonly string[] {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').split(/[^A-Za-z0-9]+/)
  return words.filter((word) => word.length > 3)
}

/** JSON as models send it: in pieces that have nothing to do with its grammar. */
function pieces(text: string): readonly string[] {
  return text.match(/[\s\S]{1,5}(?![\udc00-\udfff])|[\s\S]{1,6}/g) ?? []
}
