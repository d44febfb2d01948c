import type { RequestHead } from './head.ts'

/** The four ways to write a request-target (RFC 9112 §3.2). */
export type TargetForm = 'origin' | 'absolute' | 'authority' | 'asterisk'

// A reg-name or IPv4 address, or an IP literal in brackets (RFC 3986 §3.2.2). No userinfo: RFC 9110 §4.2.4.
const NAME = "(?:[\\w.~!$&'()*+,;=-]|%[0-9a-f]{2})"
const LITERAL = '\\[[0-9a-f:.]+\\]'
const HOST = new RegExp(`^(?:${LITERAL}|${NAME}*)(?::\\d{0,5})?$`, 'i')
const AUTHORITY = new RegExp(`^(?:${LITERAL}|${NAME}+):\\d{1,5}$`, 'i')
const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\/([^/?]+)/i

/** What may leave in a request line: no blank, no control, no fragment. Anything else is to be percent-encoded. */
export const OUTGOING_TARGET: RegExp = /^[\x21\x22\x24-\x7e]+$/

/** What we read. More forgiving than §3.2, for people who type `/café`: bytes above ASCII pass, as they do elsewhere. */
const INCOMING_TARGET = /^[\x21\x22\x24-\x7e\x80-\xff]+$/

/** Which form `target` has, or `undefined` if it has none that `method` may be used with. */
export function targetForm(method: string, target: string): TargetForm | undefined {
  if (!INCOMING_TARGET.test(target)) return undefined
  if (method === 'CONNECT') return AUTHORITY.test(target) ? 'authority' : undefined
  if (target.startsWith('/')) return 'origin'
  if (target === '*') return method === 'OPTIONS' ? 'asterisk' : undefined
  const authority = authorityIn(target)
  return authority !== undefined && isHost(authority) && !authority.startsWith(':') ? 'absolute' : undefined
}

/** `Host = uri-host [ ":" port ]` (RFC 9110 §7.2). It may be empty. */
export function isHost(value: string): boolean {
  return HOST.test(value)
}

/**
 * The host and port a request is for, as sent (RFC 9112 §3.3): of the target if it names one, else of Host.
 *
 * A target in absolute-form outvotes Host (§3.2.2). `undefined` if neither says anything, as HTTP/1.0 may.
 */
export function requestAuthority({ method, target, fields }: RequestHead): string | undefined {
  if (method === 'CONNECT') return target
  return (target.startsWith('/') ? undefined : authorityIn(target)) ?? (fields.get('host') || undefined)
}

function authorityIn(target: string): string | undefined {
  return ABSOLUTE.exec(target)?.[1]
}
