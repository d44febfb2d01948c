/** Header fields by name. */
type HeaderMap = Readonly<Record<string, string>>

/** Our headers with theirs over them. Names are compared as HTTP does, in any case: no field is sent twice. */
export function withHeaders(own: HeaderMap, theirs: HeaderMap): HeaderMap {
  const taken = new Set(Object.keys(theirs).map((name) => name.toLowerCase()))
  const rest = Object.entries(own).filter(([name]) => !taken.has(name.toLowerCase()))
  return { ...Object.fromEntries(rest), ...theirs }
}

/**
 * Refuses what would end a header line early. The value is not repeated: it may be a key.
 *
 * @throws TypeError
 */
export function checkHeaders(headers: HeaderMap): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw new TypeError(`not a header name: ${JSON.stringify(name)}`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get in
    if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) throw new TypeError(`the value of ${name} contains a control character`)
  }
}
