import { parseJson } from '../json.ts'

/** Values that are looked at in one document; an event has a few dozen. */
const MAX_VALUES = 5000

/** Where in a JSON text this very value is, as in `choices[0].delta.content`; `undefined` if it is nowhere. */
export function pathTo(text: string, wanted: unknown): string | undefined {
  return leaves(text).find(([, value]) => value === wanted)?.[0]
}

function leaves(text: string): readonly (readonly [path: string, value: unknown])[] {
  const found: (readonly [string, unknown])[] = []
  const rest: (readonly [string, unknown])[] = [['', parseJson(text)]]
  for (let next = rest.shift(); next && found.length + rest.length < MAX_VALUES; next = rest.shift()) {
    const [path, value] = next
    if (typeof value !== 'object' || value === null) found.push(next)
    else for (const [name, member] of Object.entries(value)) rest.push([below(path, name, value), member])
  }
  return found
}

function below(path: string, name: string, parent: object): string {
  if (Array.isArray(parent)) return `${path}[${name}]`
  return path === '' ? name : `${path}.${name}`
}
