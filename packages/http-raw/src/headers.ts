import { TOKEN } from './token.ts'

/**
 * Header fields as a plain object, for the floors that also run where there is no Node: this file reaches none of it.
 * Names are compared as HTTP does, in any case (RFC 9110 §5.1).
 */
export type Headers = Readonly<Record<string, string>>

/** `headers` without those of the given lower-case names. */
export function withoutHeaders(headers: Headers, names: readonly string[]): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name.toLowerCase())))
}

/** `own` headers, with `theirs` in place of those of the same name: no field is sent twice. */
export function overrideHeaders(own: Headers, theirs: Headers): Headers {
  const names = Object.keys(theirs).map((name) => name.toLowerCase())
  return { ...withoutHeaders(own, names), ...theirs }
}

/** The value of a header by its lower-case name. */
export function headerValue(headers: Headers, name: string): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
}

/**
 * Refuses what no field line can carry, before anything is sent.
 *
 * Values are text: who sends them decides how characters beyond latin1 go out. None is repeated in the error: it may
 * be a key.
 *
 * @throws TypeError for a name that is no token (RFC 9110 §5.6.2), or a control character in a value (§5.5)
 */
export function assertHeaders(headers: Headers): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!isToken(name)) throw new TypeError(`not a field name: ${JSON.stringify(name)}`)
    if (hasControl(value)) throw new TypeError(`the value of ${name} has a control character`)
  }
}

/** `token = 1*tchar` (RFC 9110 §5.6.2): methods and field names. */
export function isToken(text: string): boolean {
  return TOKEN.test(text)
}

/** Whether there is anything in a text that no field value may hold (RFC 9110 §5.5): controls, of which CR and LF would forge a line. */
export function hasControl(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are the point
  return /[\0-\x08\x0a-\x1f\x7f]/.test(text)
}

export { CREDENTIALS } from './credentials.ts'
