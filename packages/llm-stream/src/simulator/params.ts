import { Refusal } from './refusal.ts'

/** The parameters of a request body, each checked as it is read. A parameter that is absent or null is `undefined`. */
export interface Params {
  string(name: string): string | undefined
  boolean(name: string): boolean | undefined
  number(name: string, min: number, max: number): number | undefined
  integer(name: string, min: number, max?: number): number | undefined
  /** An array of strings, or a single one, none empty. */
  strings(name: string, most: number): readonly string[]
  object(name: string): Params | undefined
  objects(name: string): readonly Params[] | undefined
  /** One of these strings. */
  choice<Name extends string>(name: string, names: readonly Name[]): Name | undefined
  /** Whatever it is, if it is there and not null. */
  value(name: string): unknown
  /** A text, or an array of typed parts, of which those that are not text stand as `[type]`. */
  content(name: string): string | undefined
  /** The full path of a parameter, for error messages. */
  path(name: string): string
}

/** The value of a parameter that cannot be left out. */
export function required<Value>(value: Value | undefined, params: Params, name: string): Value {
  if (value === undefined) throw missing(params.path(name))
  return value
}

/** At least one character, and no half of a surrogate pair. */
const WHOLE_CHARACTERS = /^\P{Cs}+$/u

type Json = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads `body`; `indexed` is how error messages name a member of an array. */
export function createParams(body: Json, indexed: (name: string, i: number) => string, prefix = ''): Params {
  const path = (name: string) => prefix + name

  function refuse(name: string, expected: string): Refusal {
    return new Refusal(400, `'${path(name)}' must be ${expected}.`, { param: path(name), code: 'invalid_value' })
  }

  function read<Value>(name: string, expected: string, accepts: (value: unknown) => value is Value): Value | undefined {
    const value = body[name] ?? undefined
    if (value === undefined) return undefined
    if (!accepts(value)) throw refuse(name, expected)
    return value
  }

  function array(name: string): readonly unknown[] | undefined {
    return read(name, 'an array', (value) => Array.isArray(value))
  }

  function objects(name: string): readonly Params[] | undefined {
    return array(name)?.map((item, i) => {
      if (!isObject(item)) throw refuse(indexed(name, i), 'an object')
      return createParams(item, indexed, `${path(indexed(name, i))}.`)
    })
  }

  const params: Params = {
    path,
    string: (name) => read(name, 'a string', (value) => typeof value === 'string'),
    boolean: (name) => read(name, 'true or false', (value) => typeof value === 'boolean'),
    number: (name, min, max) =>
      read(
        name,
        `a number from ${min} to ${max}`,
        (value): value is number => typeof value === 'number' && value >= min && value <= max,
      ),
    integer: (name, min, max = Number.MAX_SAFE_INTEGER) =>
      read(
        name,
        max === Number.MAX_SAFE_INTEGER ? `an integer of at least ${min}` : `an integer from ${min} to ${max}`,
        (value): value is number => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
      ),
    strings(name, most) {
      const items = typeof body[name] === 'string' ? [body[name]] : (array(name) ?? [])
      if (items.length > most) throw refuse(name, `at most ${most} strings`)
      return items.map((item, i) => {
        if (typeof item !== 'string' || !WHOLE_CHARACTERS.test(item))
          throw refuse(indexed(name, i), 'a string that is not empty')
        return item
      })
    },
    object(name) {
      const value = read(name, 'an object', isObject)
      return value && createParams(value, indexed, `${path(name)}.`)
    },
    objects,
    choice: <Name extends string>(name: string, names: readonly Name[]) =>
      read(name, `one of ${names.join(', ')}`, (value): value is Name => names.some((each) => each === value)),
    value: (name) => body[name] ?? undefined,
    content(name) {
      if (!Array.isArray(body[name])) return params.string(name)
      return objects(name)?.map(readPart).join('\n')
    },
  }
  return params
}

/** What the services call a part that is text. */
const TEXTS: ReadonlySet<string> = new Set(['text', 'input_text', 'output_text'])

function readPart(part: Params): string {
  const type = required(part.string('type'), part, 'type')
  return TEXTS.has(type) ? required(part.string('text'), part, 'text') : `[${type}]`
}

function missing(param: string): Refusal {
  return new Refusal(400, `'${param}' is required.`, { param, code: 'missing_required_parameter' })
}
