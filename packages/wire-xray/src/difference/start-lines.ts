import type { Explanation, Version } from './difference.ts'

/** What goes wrong in a start line (RFC 9112 §3, §4). */
export const START_LINES: readonly Explanation[] = [
  ({ wanted, missing, instead }) =>
    wanted?.layer === 'http' && instead.startsWith(' ') && !missing.startsWith(' ') && isStart(wanted.element)
      ? 'One space comes between the parts of a start line, not more (RFC 9112 §3).'
      : undefined,
  inElement('method', ({ missing, instead }) =>
    missing.toLowerCase()[0] === instead.toLowerCase()[0]
      ? 'Methods are case-sensitive, and those everybody knows are upper case (RFC 9110 §9.1).'
      : undefined,
  ),
  inElement('request-target', ({ expected, got }) => {
    const [wanted, target] = [targetOf(expected), targetOf(got)]
    if (/^https?:\/\//i.test(target))
      return 'The whole URL goes to proxies only. A server gets the path and query of it; the host goes into the Host field (RFC 9112 §3.2).'
    if (target === '' || target === '?' || !/^[/*]/.test(target))
      return 'A request-target begins with `/`, also when the URL has no path (RFC 9112 §3.2.1).'
    if (target.includes('#')) return 'The fragment of a URL is never sent: it is for the browser (RFC 9112 §3.2).'
    if (decoded(target) === decoded(wanted))
      return 'The same path, but percent-encoded differently: a server sees another name.'
    return undefined
  }),
  inElement('http-version', ({ missing, instead, got }) => {
    if (/^http/.test(got.text.slice(got.text.indexOf(' ') + 1)) || /^h/.test(instead))
      return 'HTTP-version is case-sensitive: HTTP, in capitals (RFC 9112 §2.3).'
    if (missing.startsWith('1') && /^0/.test(instead))
      return 'HTTP/1.0 has no chunked bodies, and closes the connection after each response.'
    if (/^2/.test(instead)) return 'HTTP/2 is not written in lines: this would be refused (RFC 9113 §3.4).'
    if (/^[\r\n]/.test(instead))
      return 'The HTTP-version is missing: without it this is HTTP/0.9, which nobody speaks any more.'
    return undefined
  }),
  inElement('status-code', ({ missing, instead }) =>
    missing.startsWith(' ') && /^[\r\n]/.test(instead)
      ? 'The space behind the status-code is missing. It has to be there also when no reason-phrase follows (RFC 9112 §4).'
      : undefined,
  ),
  inElement('reason-phrase', () => 'The reason-phrase is for people: no software reads it (RFC 9112 §4).'),
]

function inElement(element: string, explain: Explanation): Explanation {
  return (difference) =>
    difference.wanted?.layer === 'http' && difference.wanted.element === element ? explain(difference) : undefined
}

function isStart(element: string): boolean {
  return ['method', 'request-target', 'http-version', 'status-code', 'reason-phrase'].includes(element)
}

function targetOf({ text }: Version): string {
  return /^\S+ ([^ \r\n]*)/.exec(text)?.[1] ?? ''
}

function decoded(target: string): string {
  return target.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
