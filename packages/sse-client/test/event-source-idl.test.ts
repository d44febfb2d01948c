import { EventSource as OurEventSource } from '@sse-from-scratch/sse-client'
import { describeWith, startChromium } from '@sse-from-scratch/testkit'
import { EventSource as UndiciEventSource } from 'undici'
import { expect, test } from 'vitest'
import { EVENT_STREAM, type Peer, peer } from './peers.ts'

/** A page, and an event stream at every other path. */
function pageAndStream(): Promise<Peer> {
  return peer((req, res) => {
    if (req.url === '/page') res.writeHead(200, { 'Content-Type': 'text/html;charset=utf-8' }).end('<p>')
    else res.writeHead(200, EVENT_STREAM).write('id: 1\nevent: tick\ndata: x\n\n')
  })
}

/** What can be asked of any EventSource class. It runs in a browser too, and so reaches nothing outside itself. */
function interfaceOf(Class: typeof EventSource, url: string): Record<string, unknown> {
  const facts: Record<string, unknown> = {}
  const plain = (value: unknown) =>
    typeof value === 'function' ? `${value.name}, length ${value.length}` : typeof value
  const describeAll = (of: string, target: object) => {
    facts[`names of ${of}`] = Object.getOwnPropertyNames(target)
      .sort((a, b) => (a < b ? -1 : 1))
      .join(' ')
    for (const [name, { value, get, set, ...flags }] of Object.entries(Object.getOwnPropertyDescriptors(target))) {
      facts[`${of}.${name}`] = {
        value: typeof value === 'number' ? value : plain(value),
        get: plain(get),
        set: plain(set),
        ...flags,
      }
    }
  }
  const attempt = (what: string, step: () => unknown) => {
    try {
      const result = step()
      facts[what] = result instanceof Class ? `${result.url} ${result.withCredentials}` : result
      if (result instanceof Class) result.close()
    } catch (error) {
      facts[what] = `${(error as Error).name} ${error instanceof DOMException}`
    }
  }
  const make = (what: string, ...args: unknown[]) =>
    attempt(`new EventSource(${what})`, () => Reflect.construct(Class, args))

  describeAll('the class', Class)
  describeAll('the prototype', Class.prototype)
  facts['the tag'] = Object.getOwnPropertyDescriptor(Class.prototype, Symbol.toStringTag)
  facts['the parent'] = Object.getPrototypeOf(Class) === EventTarget
  facts['the parent of the prototype'] = Object.getPrototypeOf(Class.prototype) === EventTarget.prototype

  attempt('called without new', () => Reflect.apply(Class, undefined, [url]))
  make('')
  make('a symbol', Symbol('x'))
  make('http://', 'http://')
  make('a URL with a fragment', `${url}#here`)
  make('a URL between blanks', `  ${url}\n`)
  make('a URL object', new URL(url))
  make('a URL that does not parse, and an init that is none', 'http://', 5)
  const reads: string[] = []
  const text = { toString: () => reads.push('url') && url }
  make('an object', text)
  const getter = { get withCredentials() { return reads.push('withCredentials') && 1 } } // biome-ignore format: one line
  make('both as getters', text, getter)
  facts['the order of reads'] = reads.join(' ')
  for (const init of [5, 'x', true, Symbol('x'), null, undefined, [], () => {}])
    make(`url, ${typeof init} ${!init}`, url, init)
  for (const value of [1, 0, 'x', '', undefined, null, {}]) {
    make(`url, withCredentials: ${JSON.stringify(value)}`, url, { withCredentials: value })
  }
  for (const name of ['url', 'readyState', 'withCredentials', 'onopen', 'onmessage', 'onerror'] as const) {
    attempt(`${name} of the prototype`, () => Class.prototype[name])
  }
  attempt('close of the prototype', () => Class.prototype.close())

  const source = new Class(url)
  facts['names of a source'] = Object.getOwnPropertyNames(source).join(' ')
  facts['a source as text'] = String(source)
  attempt('readyState at first', () => source.readyState)
  for (const value of [5, 'x', undefined, Symbol('x'), {}, [], () => {}]) {
    attempt(`onmessage = ${typeof value} ${Array.isArray(value)}`, () => {
      Reflect.set(source, 'onmessage', value)
      return source.onmessage === value || source.onmessage
    })
  }
  for (const name of ['url', 'readyState', 'withCredentials', 'CONNECTING']) {
    attempt(`${name} can be set`, () => Reflect.set(source, name, 4))
  }
  attempt('close() gives back', () => source.close())
  attempt('readyState at last', () => source.readyState)
  attempt('a subclass', () => new (class extends Class {})(url))
  return facts
}

/** What there is to know of a message event. It runs in a browser too. */
function messageEventOf(Class: typeof EventSource, url: string): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    const source = new Class(url)
    source.addEventListener('tick', (tick: Event) => {
      const event = tick as MessageEvent
      const { type, data, lastEventId, source: from, ports, bubbles, cancelable, composed, eventPhase } = event
      source.close()
      resolve({
        ...{ type, data, lastEventId, from, ports: [...ports], bubbles, cancelable, composed, eventPhase },
        origin: event.origin === new URL(url).origin,
        isMessageEvent: event instanceof MessageEvent && event.constructor === MessageEvent,
        target: event.target === source && event.currentTarget === source,
        path: event.composedPath().length,
      })
    })
  })
}

/** Which listeners are called, in which order, with what. It runs in a browser too. */
function listenersOf(Class: typeof EventSource, url: string): string[] {
  const source = new Class(url)
  source.close() // what is dispatched here is dispatched by us
  const log: string[] = []
  const fire = (what: string, type = 'message') => {
    log.push(`${what}:`)
    log.push(`${source.dispatchEvent(new MessageEvent(type))}`)
  }
  const say = (what: string) => () => {
    log.push(what)
  }
  const [a, b] = [say('a'), say('b')]

  source.addEventListener('message', a)
  source.onmessage = say('replaced')
  source.addEventListener('message', b)
  source.onmessage = say('handler')
  fire('a handler keeps its place')
  Reflect.set(source, 'onmessage', null)
  source.onmessage = say('handler')
  fire('a handler that was null loses it')
  source.addEventListener('message', a)
  source.addEventListener('message', a, true)
  fire('twice is once, and capture is another')
  source.removeEventListener('message', a)
  source.removeEventListener('message', a, { capture: true })
  source.removeEventListener('message', b)
  fire('removed')
  Reflect.set(source, 'onmessage', { handleEvent: say('never') })
  fire('an object as a handler')
  Reflect.set(source, 'onmessage', 'text')
  log.push(String(source.onmessage))
  source.addEventListener('message', { handleEvent: say('object') })
  source.addEventListener('message', say('once'), { once: true })
  const controller = new AbortController()
  source.addEventListener('message', say('signal'), { signal: controller.signal })
  source.addEventListener('message', say('signal that was aborted'), { signal: AbortSignal.abort() })
  fire('objects, once and signal')
  controller.abort()
  fire('again')
  source.onmessage = (event) => {
    log.push(`${event.type} ${event.target === source}`)
    source.onmessage = say('the next')
  }
  fire('a handler that replaces itself')
  fire('the next time')
  source.onmessage = (event) => {
    event.stopImmediatePropagation()
    return false as unknown as undefined
  }
  source.addEventListener('message', say('never'))
  fire('false means nothing to an event that cannot be cancelled')
  source.onmessage = function (this: EventSource) {
    log.push(String(this === source))
  }
  fire('this')
  source.onopen = say('onopen')
  source.onerror = say('onerror')
  fire('open', 'open')
  fire('error', 'error')
  return log
}

const Ours = OurEventSource as unknown as typeof EventSource

describeWith(['chromium'], 'the interface beside that of Chromium', () => {
  test('every property, conversion, exception, event and order of listeners is the same (HTML §9.2.2, Web IDL)', async () => {
    await using server = await pageAndStream()
    await using browser = await startChromium()
    const page = await browser.newPage()
    await page.goto(`${server.url}page`)
    const inPage = (facts: (Class: typeof EventSource, url: string) => unknown) =>
      page.evaluate(`(${facts})(EventSource, ${JSON.stringify(server.url)})`) as Promise<Record<string, unknown>>
    const overJson = <T>(value: T): T => JSON.parse(JSON.stringify(value))

    const theirs = await inPage(interfaceOf)
    expect(Object.keys(theirs).length).toBeGreaterThan(60)
    expect(overJson(interfaceOf(Ours, server.url))).toEqual(overJson(theirs))
    expect(await messageEventOf(Ours, server.url)).toEqual(await inPage(messageEventOf))
    expect(listenersOf(Ours, server.url)).toEqual(await inPage(listenersOf))
  }, 180_000)
})

test('the interface beside that of undici differs in its tag alone (Web IDL, class string)', async () => {
  await using server = await pageAndStream()
  const ours = interfaceOf(Ours, server.url)
  const theirs = interfaceOf(UndiciEventSource as unknown as typeof EventSource, server.url)
  const differs = Object.keys(ours).filter((fact) => JSON.stringify(ours[fact]) !== JSON.stringify(theirs[fact]))
  expect(differs).toEqual(['the tag', 'a source as text'])
})

// What a browser gives and nothing outside of it can: nobody else may make a trusted event, and Node does not freeze ports.
test('a message is not trusted, as no event made in JavaScript is (DOM, dispatchEvent)', async () => {
  await using server = await pageAndStream()
  const source = new OurEventSource(server.url)
  const event = await new Promise<Event>((resolve) => source.addEventListener('tick', resolve))
  source.close()
  expect(event.isTrusted).toBe(false)
})
