import { readWithNode } from './node-parser.ts'
import { type ReadMessage, readMessages } from './read-messages.ts'

/** A message of which two readers say different things. */
export interface Dispute {
  /** Who does not want it; if both read it, what they read differently. */
  readonly kind: 'we refuse' | 'node refuses' | 'head' | 'body' | 'trailers'
  readonly code: string
  /** As it was read, by whoever read it; by us if both did. */
  readonly read: ReadMessage
  /** What the other one has of it. */
  readonly other: ReadMessage
  /** Everything that was sent. */
  readonly wire: string
  /** What comes behind the body of the message before, if that stands there as it was read; else everything. */
  readonly rest: string
  /** The method that a response answers; requests have none. */
  readonly asked: string | undefined
}

/** The bytes that came over one connection. */
export interface Sent {
  readonly wire: Uint8Array
  /** Methods of the requests that they answer; requests answer none. */
  readonly answers?: readonly string[] | undefined
}

/** The first message that node's parser and ours do not agree on. A refusal is a refusal: the codes may differ. */
export function disputeOver({ wire, answers }: Sent): Dispute | undefined {
  const ours = readMessages([wire], { answers })
  const node = readWithNode(wire, { answers })
  const text = Buffer.from(wire).toString('latin1')
  const agreed = Math.min(ours.complete, node.complete)
  for (let at = 0; at < agreed; at++) {
    const [mine, theirs] = [ours.messages[at] as ReadMessage, node.messages[at] as ReadMessage]
    const kind = (['head', 'body', 'trailers'] as const).find((part) => mine[part] !== theirs[part])
    const rest = behind(ours.messages[at - 1], text)
    if (kind !== undefined)
      return { kind, code: '', read: mine, other: theirs, wire: text, rest, asked: asked(answers, at) }
  }
  if (ours.complete === node.complete) return undefined
  const weRefuse = ours.complete < node.complete
  const [refuses, reads] = weRefuse ? [ours, node] : [node, ours]
  return {
    kind: weRefuse ? 'we refuse' : 'node refuses',
    code: refuses.outcome,
    read: reads.messages[agreed] as ReadMessage,
    other: refuses.messages[agreed] ?? NOTHING,
    wire: text,
    rest: behind(ours.messages[agreed - 1], text),
    asked: asked(answers, agreed),
  }
}

function behind(message: ReadMessage | undefined, wire: string): string {
  if (message === undefined || message.body === '') return wire
  const at = wire.lastIndexOf(message.body)
  return at === -1 ? wire : wire.slice(at + message.body.length)
}

const NOTHING: ReadMessage = { head: '', body: '', trailers: '' }

function asked(answers: readonly string[] | undefined, at: number): string | undefined {
  return answers === undefined ? undefined : (answers[at] ?? 'GET')
}

/** What a message says, taken apart by plain patterns: an opinion of neither of the two. */
interface Parts {
  readonly method: string
  readonly target: string
  readonly status: number
  readonly version: string
  /** The values of a field of the final head. */
  values(name: string): string[]
}

function partsOf({ head }: ReadMessage): Parts {
  const last = head.split('\r\n\r\n').at(-2) ?? ''
  const [startLine = '', ...lines] = last.split('\r\n')
  const [, first = '', second = '', version = ''] = /^(\S+) (.*) HTTP\/(\d\.\d)$/s.exec(startLine) ?? []
  return {
    method: first,
    target: second,
    status: Number(first),
    version,
    values: (name) =>
      lines.filter((line) => line.toLowerCase().startsWith(`${name}:`)).map((line) => line.slice(name.length + 2)),
  }
}

const HOST = /^(?:\[[0-9a-f:.]+\]|(?:[\w.~!$&'()*+,;=-]|%[0-9a-f]{2})*)(?::\d{0,5})?$/i
const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\/([^/?#:][^/?#]*)(?:[/?][^#]*)?$/i
const TAB_AFTER = /(?:chunked|\d)[ \t]*\t[ \t]*\r\n/i
const CONTROL = /[^\t\x20-\x7e\x80-\xff]/

/** `start` in `wire`, with `before` in front of it. */
function startsAfter(before: string, start: string, wire: string): boolean {
  return new RegExp(before + start.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')).test(wire)
}

/** The forms of RFC 9112 §3.2. */
function isTarget(method: string, target: string): boolean {
  if (method === 'CONNECT') return HOST.test(target) && /^.+:\d+$/.test(target)
  if (target === '*') return method === 'OPTIONS'
  return /^\/[^#]*$/.test(target) || HOST.test(ABSOLUTE.exec(target)?.[1] ?? '?')
}

function hasEmptyMember({ values }: Parts): boolean {
  return /^[ \t]*,|,[ \t]*,|,[ \t]*$/.test(values('transfer-encoding').join())
}

type Cause = (dispute: Dispute, parts: Parts) => boolean

/** What we refuse and node reads. */
const REFUSED_BY_US: Readonly<Record<string, Cause>> = {
  'http-0.9': (_, { version }) => version === '0.9',
  'http-2.0': (_, { version }) => version === '2.0',
  'blanks-in-request-line': ({ wire, asked }, { method, target }) =>
    asked === undefined && !wire.includes(`${method} ${target} HTTP`),
  'line-ends-before-message': ({ rest, asked, read, code }) =>
    code === 'HTTP_BAD_START_LINE' &&
    startsAfter(
      asked === undefined ? '(?:(?:^|[^\\r])\\n|\\r(?!\\n))[\\r\\n]*' : '[\\r\\n]',
      startOf(read, asked),
      rest,
    ),
  'target-form': ({ asked }, { method, target }) => asked === undefined && !isTarget(method, target),
  host: ({ asked }, { version, values }) => {
    const hosts = values('host')
    const wanted = version === '1.0' ? hosts.length <= 1 : hosts.length === 1
    return asked === undefined && !(wanted && hosts.every((host) => HOST.test(host)))
  },
  'connect-body': ({ asked, code }, { method, values }) =>
    asked === undefined &&
    method === 'CONNECT' &&
    code === 'HTTP_BAD_FRAMING' &&
    [...values('transfer-encoding'), ...values('content-length')].length > 0,
  'reason-phrase': ({ asked, code, wire }, { target }) =>
    asked !== undefined &&
    code === 'HTTP_BAD_START_LINE' &&
    (CONTROL.test(target) || /HTTP\/1\.\d \d{3}[^\r\n]*\r(?!\n)/.test(wire)),
  'no-coding': (_, { values }) => values('transfer-encoding').includes(''),
  'chunked-in-1.0': (_, { version, values }) => version === '1.0' && values('transfer-encoding').length > 0,
  'final-coding': (_, { values }) =>
    !/(?:^|,)[ \t]*chunked[ \t,]*$/i.test(values('transfer-encoding').join() || 'chunked'),
  'chunked-twice': (_, { values }) => /(?:^|,)[ \t]*chunked[ \t]*,.*chunked/i.test(values('transfer-encoding').join()),
  'unknown-coding': ({ code }, { values }) =>
    code === 'HTTP_UNKNOWN_CODING' && /[^,\s].*,[ \t]*chunked$/i.test(values('transfer-encoding').join()),
  'empty-list-member': ({ asked }, parts) => asked !== undefined && hasEmptyMember(parts),
  'tab-after-value': ({ asked, wire }) => asked !== undefined && TAB_AFTER.test(wire),
  'empty-extension': ({ code, wire }) =>
    code === 'CHUNKED_BAD_EXTENSION' && /;[^\r]*=[ \t]*[;\r]|;[ \t]*[=;]/.test(wire),
  'quotes-in-value': ({ code, wire }) => code === 'CHUNKED_BAD_EXTENSION' && /;[^\r]*=[ \t]*[^\s";=]+"/.test(wire),
}

/** What node refuses and we read. */
const REFUSED_BY_NODE: Readonly<Record<string, Cause>> = {
  method: ({ code }) => code === 'HPE_INVALID_METHOD',
  'obs-text-target': ({ code }, { target }) => code === 'HPE_INVALID_URL' && /[\x80-\xff]/.test(target),
  'absolute-form': ({ code }, { target }) => code === 'HPE_INVALID_URL' && /^[a-z][a-z0-9+.-]*:\/\//i.test(target),
  'length-of-no-body': ({ code, asked, read }, { status }) =>
    /CONTENT_LENGTH|TRANSFER_ENCODING/.test(code) &&
    (asked === 'HEAD' || status === 204 || status === 304 || (asked !== undefined && /^1\d\d /.test(read.head))),
  'empty-list-member': ({ code }, parts) => code === 'HPE_INVALID_TRANSFER_ENCODING' && hasEmptyMember(parts),
  'tab-after-value': ({ code, wire }) => /CONTENT_LENGTH|TRANSFER_ENCODING/.test(code) && TAB_AFTER.test(wire),
  'length-in-trailers': ({ code, wire }, { values }) =>
    /CONTENT_LENGTH|TRANSFER_ENCODING/.test(code) &&
    values('transfer-encoding').length > 0 &&
    /\r\n0+[^\r\n]*\r\n(?:[^\r\n]+\r\n)*(?:content-length|transfer-encoding):/i.test(wire),
  fold: ({ asked, wire }) => asked !== undefined && /\r\n[ \t]/.test(wire),
  'minor-version': ({ code, wire }) => code === 'HPE_INVALID_VERSION' && /HTTP\/1\.[2-9]/.test(wire),
  'interim-close': ({ code, wire }) =>
    code === 'closed' && /HTTP\/1\.0 1\d\d|HTTP\/1\.1 1\d\d[\s\S]*connection:[^\r]*close/i.test(wire),
  'blanks-in-extension': ({ code, wire }) =>
    /CHUNK|STRICT/.test(code) && /[0-9a-f][ \t]+;|;[ \t]|[ \t]=|=[ \t]|"[ \t]+;/i.test(wire),
}

/** What both read, in two ways. */
const READ_DIFFERENTLY: Readonly<Record<string, Cause>> = {
  'forbidden-trailer': ({ kind }) => kind === 'trailers',
  'empty-list-member': ({ kind }, parts) => kind === 'body' && hasEmptyMember(parts),
  'tab-after-value': ({ kind, wire }) => kind === 'body' && TAB_AFTER.test(wire),
}

/** The names of all disputes, each of which docs/judges.md explains. */
export const CLASSES: readonly string[] = [
  ...new Set([REFUSED_BY_US, REFUSED_BY_NODE, READ_DIFFERENTLY].flatMap((causes) => Object.keys(causes))),
]

/**
 * The name that docs/judges.md has for what a dispute is about; `undefined` if it has none yet. What is looked at is the
 * input, and not which of our rules refused it: a rule that refuses too much finds no name here.
 */
export function classOf(dispute: Dispute): string | undefined {
  const parts = partsOf(dispute.read)
  const causes =
    { 'we refuse': REFUSED_BY_US, 'node refuses': REFUSED_BY_NODE }[dispute.kind as string] ?? READ_DIFFERENTLY
  return Object.keys(causes).find((name) => causes[name]?.(dispute, parts))
}

function startOf({ head }: ReadMessage, asked: string | undefined): string {
  const [first = '', second = ''] = head.split(' ')
  return asked === undefined ? `${first} ${second}` : 'HTTP/'
}
