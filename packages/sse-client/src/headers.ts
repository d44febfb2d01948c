export type Headers = Readonly<Record<string, string>>

/** `headers` without those of the given lower-case names. */
export function without(headers: Headers, names: readonly string[]): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name.toLowerCase())))
}

/** `own` headers, with `theirs` in place of those of the same name in any case (RFC 9110 §5.1). */
export function override(own: Headers, theirs: Headers): Headers {
  return { ...without(own, namesOf(theirs)), ...theirs }
}

/** The value of a header by its lower-case name. */
export function fieldValue(headers: Headers, name: string): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
}

/** Caller's mistakes are found before anything is sent: a name that is no token, a value that would forge a line. */
export function assertHeaders(headers: Headers): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!TOKEN.test(name)) throw new TypeError(`not a field name: ${JSON.stringify(name)}`)
    // The value may be a secret: it is not shown.
    if (CONTROL.test(value)) throw new TypeError(`the value of ${name} has a control character`)
  }
}

/** RFC 9110 §5.6.2. */
export const TOKEN: RegExp = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** What no field value may hold (RFC 9110 §5.5). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are the point
export const CONTROL: RegExp = /[\0-\x08\x0a-\x1f\x7f]/

const namesOf = (headers: Headers) => Object.keys(headers).map((name) => name.toLowerCase())
