import { Mistake } from './mistake.ts'

/** Bytes as they arrive: a body of http-raw, a Node stream, or a web stream. */
export type ByteSource = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>

/** Anything an event stream can be read from: a fetch() Response, its body, which may be `null`, or either of http-raw's. */
export type EventStreamSource = { readonly body: ByteSource | null } | ByteSource | null

/**
 * Where the bytes come from; `null` for a null body, which is an empty stream.
 *
 * @throws TypeError for what nothing can be read from, or not a second time
 */
export function byteSourceOf(source: EventStreamSource): ByteSource | null {
  const body = bodyOf(source)
  if (body === null) return null
  if (!isByteSource(body)) {
    throw new Mistake(`events are read from a Response, a web stream or an async iterable, not from ${wordFor(source)}`)
  }
  if (isTaken(source ?? body) || isTaken(body)) {
    throw new Mistake('the body is read by somebody else, or has been, by text() for example: it can be read once')
  }
  return body
}

function bodyOf(source: unknown): unknown {
  if (isByteSource(source) || !isObject(source)) return source
  return (source as { readonly body?: unknown }).body
}

function isByteSource(value: unknown): value is ByteSource {
  return isObject(value) && (isFunction(value, 'getReader') || isFunction(value, Symbol.asyncIterator))
}

/** By the words of Response and of ReadableStream. */
function isTaken(value: object): boolean {
  const { bodyUsed, locked } = value as { readonly bodyUsed?: unknown; readonly locked?: unknown }
  return bodyUsed === true || locked === true
}

/**
 * A stream of text is a mistake that would go unnoticed: nothing in it is a byte that means anything.
 *
 * @throws TypeError unless it is a Uint8Array, of whatever realm
 */
export function assertBytes(read: unknown): void {
  if (isBytes(read)) return
  throw new Mistake(`a stream of Uint8Array is wanted (no TextDecoderStream, no setEncoding), not of ${wordFor(read)}`)
}

/** @throws TypeError unless it is a Uint8Array, of whatever realm */
export function assertPushed(bytes: unknown): void {
  if (isBytes(bytes)) return
  const text = 'a string: new TextEncoder().encode(text) is one'
  throw new TypeError(
    `push takes a Uint8Array, not ${typeof bytes === 'string' ? text : Object.prototype.toString.call(bytes)}`,
  )
}

function isBytes(value: unknown): boolean {
  return isObject(value) && (value as Uint8Array)[Symbol.toStringTag] === 'Uint8Array'
}

/** What it is, and what to do instead where that is known. Never what is in it. */
function wordFor(value: unknown): string {
  if (typeof value === 'string') return 'a string: new Response(text).body is a stream of it'
  if (!isObject(value)) return value === null ? 'null' : typeof value
  if (isFunction(value, 'then')) return 'a Promise: await it first'
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return 'bytes that are here: new Response(bytes).body is a stream of them'
  }
  return Object.prototype.toString.call(value)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isFunction(value: object, name: PropertyKey): boolean {
  return typeof (value as Record<PropertyKey, unknown>)[name] === 'function'
}
