import { createRequire } from 'node:module'
import type { Reading, ReadOptions } from './read-messages.ts'

/** The parser of node:http, llhttp, as node:http itself reaches it. It has no public door. */
interface NodeParser {
  initialize(type: number, resource: object, maxHeaderSize: number, lenientFlags: number): void
  execute(bytes: Uint8Array): number | (Error & { readonly code: string })
  finish(): (Error & { readonly code: string }) | undefined
  [callback: number]: (...args: never[]) => number | undefined
}

interface NodeParserClass {
  new (): NodeParser
  readonly REQUEST: number
  readonly RESPONSE: number
  readonly kOnMessageBegin: number
  readonly kOnHeaders: number
  readonly kOnHeadersComplete: number
  readonly kOnBody: number
  readonly kOnMessageComplete: number
}

type HeadersComplete = readonly [
  major: number,
  minor: number,
  headers: readonly string[] | undefined,
  method: number | undefined,
  url: string | undefined,
  status: number | undefined,
  reason: string | undefined,
]

const { HTTPParser, methods } = createRequire(import.meta.url)('_http_common') as {
  readonly HTTPParser: NodeParserClass
  readonly methods: readonly string[]
}

const HEAD_SIZE = 16 * 1024
const STRICT = 0
const READ_ON = 0
const NO_BODY = 1
const NO_MORE_HTTP = 2

/** Reads a connection as node:http would in its strict default: all but what is above the parser, such as Host. */
export function readWithNode(wire: Uint8Array, { answers }: ReadOptions = {}): Reading {
  const messages: { head: string; body: string; trailers: string }[] = []
  let current: (typeof messages)[number] | undefined
  let lines: string[] = [] // come early when there are many, or when the message before had trailers
  let target = ''
  let inBody = false
  let over = false // no more HTTP on this connection
  let complete = 0

  function takeHead(...[major, minor, headers, method, url, status, reason]: HeadersComplete): number {
    const interim = status !== undefined && status < 200 && status !== 101
    const asked = answers?.[messages.length - 1] ?? 'GET'
    const all = [...lines, ...(headers ?? [])]
    lines = []
    const name = methods[method ?? -1] ?? '?'
    const line = answers === undefined ? `${name} ${url ?? target}` : `${status} ${reason}`
    if (current) current.head += `${line} HTTP/${major}.${minor}\r\n${fieldLines(all)}\r\n`
    inBody = !interim
    if (status === 101 || (answers === undefined ? name : asked) === 'CONNECT') over = true
    if (over) return NO_MORE_HTTP
    return interim || asked === 'HEAD' ? NO_BODY : READ_ON
  }

  const parser = new HTTPParser()
  parser.initialize(answers === undefined ? HTTPParser.REQUEST : HTTPParser.RESPONSE, {}, HEAD_SIZE, STRICT)
  parser[HTTPParser.kOnMessageBegin] = () => {
    inBody = false
    if (current !== undefined) return READ_ON
    current = { head: '', body: '', trailers: '' }
    messages.push(current)
    return READ_ON
  }
  parser[HTTPParser.kOnHeaders] = (headers: readonly string[], url: string) => {
    target = url
    if (inBody && current) current.trailers += fieldLines(headers)
    else lines.push(...headers)
    return READ_ON
  }
  parser[HTTPParser.kOnHeadersComplete] = takeHead
  parser[HTTPParser.kOnBody] = (bytes: Uint8Array) => {
    if (current) current.body += Buffer.from(bytes).toString('latin1')
    return READ_ON
  }
  parser[HTTPParser.kOnMessageComplete] = () => {
    if (!inBody) return READ_ON // an interim response: the one it announces is the same message to us
    complete = messages.length
    current = undefined
    return READ_ON
  }

  const result = parser.execute(wire)
  const error = typeof result === 'number' ? (over ? undefined : parser.finish()) : result
  return { messages, complete, outcome: outcomeOf(error), state: '' }
}

function outcomeOf(error: { readonly code: string } | undefined): string {
  if (error === undefined) return 'clean'
  if (error.code === 'HPE_CLOSED_CONNECTION') return 'closed'
  return error.code
}

/** Names and values in turn, as lines. */
function fieldLines(pairs: readonly string[]): string {
  let text = ''
  for (let at = 0; at < pairs.length; at += 2) text += `${pairs[at]}: ${pairs[at + 1]}\r\n`
  return text
}
