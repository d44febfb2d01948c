import {
  EventSource,
  fetchTransport,
  openEventStream,
  rawTransport,
  type Transport,
} from '@sse-from-scratch/sse-client'

// Leaves streams in every way there is, and then has nothing more to do. Whatever still holds this process is a leak.

const [, , kind, base = ''] = process.argv
const transport: Transport = kind === 'raw' ? rawTransport() : fetchTransport()

const at = (path: string) => new URL(path, base)
const open = (path: string, options = {}) => openEventStream(at(path), transport, options)
const ignore = () => {}
const heard = (source: EventSource, type: string) =>
  new Promise((resolve) => source.addEventListener(type, resolve, { once: true }))

/** Aborts a stream that somebody reads, once `until` says so, and waits for its end. */
async function abort(path: string, until: Promise<unknown>, options = {}): Promise<void> {
  const controller = new AbortController()
  const reading = (async () => {
    for await (const _ of open(path, { ...options, signal: controller.signal })) ignore()
  })()
  const ended = reading.catch(ignore)
  await until
  controller.abort()
  await ended
}

/** Resolves when the server has had a request for `path`. */
async function asked(path: string): Promise<void> {
  while ((await (await fetch(at(`asked?${path}`))).text()) !== 'yes') ignore()
}

/** A promise, and what an `onStateChange` needs to resolve it. */
function state(wanted: string): { readonly until: Promise<void>; readonly options: object } {
  let onWanted = ignore
  const until = new Promise<void>((resolve) => {
    onWanted = resolve
  })
  return { until, options: { onStateChange: (is: string) => is === wanted && onWanted() } }
}

const ways: Record<string, () => Promise<unknown>> = {
  async break() {
    for await (const _ of open('stream', { idleTimeout: 600_000 })) break
  },
  async return() {
    const events = open('stream')
    await events.next()
    await events.return()
  },
  async 'return while it waits for an event'() {
    const { until, options } = state('open')
    const events = open('quiet', options)
    const next = events.next()
    await until
    await Promise.all([events.return(), next])
  },
  async 'return before anything'() {
    await open('stream').return()
  },
  async throw() {
    const events = open('stream')
    await events.next()
    await events.throw(new Error('enough')).catch(ignore)
  },
  async 'an exception in the loop'() {
    const reading = (async () => {
      for await (const _ of open('stream')) throw new Error('enough')
    })()
    await reading.catch(ignore)
  },
  async 'abort while connecting'() {
    await abort('silent', asked('silent'), { idleTimeout: 600_000 })
  },
  async 'abort while reading'() {
    const { until, options } = state('open')
    await abort('quiet', until, { ...options, idleTimeout: 600_000 })
  },
  async 'abort while backing off'() {
    const { until, options } = state('connecting')
    await abort('end', until, options)
  },
  async 'an answer that is final'() {
    await open('missing').next().catch(ignore)
  },
  async 'close() behind the constructor'() {
    new EventSource(at('stream'), { transport }).close()
  },
  async 'close() at the message'() {
    const source = new EventSource(at('stream'), { transport })
    await heard(source, 'message')
    source.close()
  },
  async 'close() while it waits to come back'() {
    const source = new EventSource(at('end'), { transport })
    await heard(source, 'error')
    source.close()
  },
  async 'an EventSource that failed'() {
    await heard(new EventSource(at('missing'), { transport }), 'error')
  },
}

await Promise.all(Object.values(ways).map((way) => way()))
console.log(`left in ${Object.keys(ways).length} ways`)
