import { listOf, objectOf } from '../json.ts'
import { pick, type Random } from './random.ts'

/** A schema may be deeper and wider than this; what is made for it is not. */
const DEEPEST = 6
const MOST_MEMBERS = 32

/**
 * An object that a JSON Schema of the simpler kind allows. It knows `const`, `default`, `enum`, `anyOf`, `oneOf`, `type`,
 * `properties`, `items`, `minimum` and `maximum`; for the rest it hopes. Strings are taken from `words`, in turn.
 */
export function valueFor(schema: unknown, random: Random, words: readonly string[]): unknown {
  let next = 0
  const word = (otherwise: string) => words[next++] ?? otherwise

  function make(schema: unknown, name: string, depth: number): unknown {
    const { const: only, default: usual, enum: choices, anyOf, oneOf, ...rest } = objectOf(schema)
    if (only !== undefined) return only
    if (Array.isArray(choices) && choices.length > 0) return pick(random, choices)
    if (usual !== undefined) return usual
    const options = [...listOf(anyOf), ...listOf(oneOf)]
    if (options.length > 0 && depth < DEEPEST) return make(options[0], name, depth + 1)
    return ofType(rest, name, depth)
  }

  function ofType(schema: Readonly<Record<string, unknown>>, name: string, depth: number): unknown {
    const type = String([schema['type']].flat()[0] ?? (schema['properties'] ? 'object' : 'string')).toLowerCase()
    const { minimum, maximum, items, properties } = schema
    const least = typeof minimum === 'number' ? minimum : 1
    const most = typeof maximum === 'number' ? maximum : least + 99
    if (type === 'integer') return Math.floor(least + random() * (most - least))
    if (type === 'number') return Math.round((least + random() * (most - least)) * 10) / 10
    if (type === 'boolean') return random() < 0.5
    if (type === 'null') return null
    if (type === 'array') return depth < DEEPEST ? [make(items, name, depth + 1)] : []
    if (type !== 'object') return word(name)
    const members = depth < DEEPEST ? Object.entries(objectOf(properties)).slice(0, MOST_MEMBERS) : []
    return Object.fromEntries(members.map(([key, member]) => [key, make(member, key, depth + 1)]))
  }

  return ofType({ ...objectOf(schema), type: 'object' }, 'value', 0) // arguments are an object, whatever the schema says
}
