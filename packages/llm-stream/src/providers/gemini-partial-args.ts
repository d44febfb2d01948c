import { LlmError } from '../errors.ts'
import type { JsonObject } from '../json.ts'

/** Arguments that come value by value, each with the path to where it belongs. */
export interface PartialArgs {
  /** @throws LlmError `LLM_PROTOCOL` for a path that leads nowhere, or deeper than `MAX_DEPTH` */
  set(part: JsonObject): void
  /** All of it as JSON text. */
  text(): string
}

type Container = Record<string, unknown> | unknown[]

/** Steps of a path: deeper arguments are nobody's. */
const MAX_DEPTH = 64
/** RFC 9535, as far as it is used here: `$.name`, `$['name']` and `$[0]`, one behind the other. */
const PATH = /^\$(?:\.[^.[\]]+|\[\d{1,6}\]|\['(?:[^'\\]|\\.)*'\])+$/
const STEP = /\.([^.[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]/g

export function createPartialArgs(): PartialArgs {
  const root: Container = Object.create(null) // no key means anything in here, `__proto__` neither
  const unfinished = new Set<string>() // paths of texts that will be continued

  return {
    set(part) {
      const path = typeof part['jsonPath'] === 'string' ? part['jsonPath'] : ''
      const { container, key } = locate(root, stepsOf(path))
      const value = givenIn(part)
      const goesOn = unfinished.has(path) && typeof value === 'string'
      put(container, key, goesOn ? `${at(container, key)}${value}` : value)
      if (part['willContinue'] === true) unfinished.add(path)
      else unfinished.delete(path)
    },
    text: () => JSON.stringify(root),
  }
}

type Step = string | number

function stepsOf(path: string): Step[] {
  const steps = PATH.test(path) ? [...path.matchAll(STEP)].map(stepOf) : []
  if (steps.length === 0 || steps.length > MAX_DEPTH) throw nowhere()
  return steps
}

function stepOf([, name, index, quoted]: RegExpMatchArray): Step {
  if (index !== undefined) return Number(index)
  return name ?? (quoted ?? '').replace(/\\(.)/g, '$1')
}

/** The last container on the path; those that are not there yet are made. */
function locate(root: Container, steps: readonly Step[]): { readonly container: Container; readonly key: Step } {
  let container = root
  for (let i = 0; i < steps.length - 1; i++) {
    const [key, next] = [steps[i] as Step, steps[i + 1]]
    if (at(container, key) === undefined) put(container, key, typeof next === 'number' ? [] : Object.create(null))
    const inner = at(container, key)
    if (typeof inner !== 'object' || inner === null) throw nowhere()
    container = inner as Container
  }
  return { container, key: steps.at(-1) as Step }
}

function at(container: Container, key: Step): unknown {
  return (container as Record<Step, unknown>)[key]
}

/** A list only grows at its end: an index is no way to have memory set aside. */
function put(container: Container, key: Step, value: unknown): void {
  const fits = Array.isArray(container) ? typeof key === 'number' && key <= container.length : typeof key === 'string'
  if (!fits) throw nowhere()
  ;(container as Record<Step, unknown>)[key] = value
}

function givenIn(part: JsonObject): unknown {
  for (const kind of ['stringValue', 'numberValue', 'boolValue']) if (part[kind] !== undefined) return part[kind]
  return 'nullValue' in part ? null : ''
}

function nowhere(): LlmError {
  return new LlmError('LLM_PROTOCOL', 'a partial argument came with a path that leads nowhere')
}
