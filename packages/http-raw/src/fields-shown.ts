import { CREDENTIALS } from './credentials.ts'

/** Field lines as a log may have them: by name, in the case that was sent first, a list where one was sent twice. */
export type ShownFields = Readonly<Record<string, string | readonly string[]>>

/** In place of a value that proves who somebody is. */
const MASK = '(not shown)'

/** For eyes and logs: the lines of `CREDENTIALS` are there, and what they say is not. */
export function shownFields(lines: Iterable<readonly [name: string, value: string]>): ShownFields {
  const shown = new Map<string, { readonly name: string; readonly values: string[] }>()
  for (const [name, value] of lines) {
    const key = name.toLowerCase()
    const field = shown.get(key) ?? { name, values: [] }
    shown.set(key, field)
    field.values.push(CREDENTIALS.includes(key) ? MASK : value)
  }
  const entries = [...shown.values()].map(({ name, values }) => [name, values.length === 1 ? values[0] : values])
  return Object.fromEntries(entries) as ShownFields // also a field called __proto__ becomes an entry, and nothing else
}

/** What `console.log` shows of fields, in Node, Deno and Bun: their `toJSON`, under the name of the class. */
export function inspectedFields(
  this: { toJSON(): ShownFields },
  _depth: number,
  options: object,
  inspect?: (value: unknown, options: object) => string,
): ShownFields | string {
  const shown = this.toJSON()
  return inspect ? `Fields ${inspect(shown, options)}` : shown
}
