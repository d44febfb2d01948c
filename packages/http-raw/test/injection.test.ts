import {
  dialThroughProxy,
  encodeRequestHead,
  encodeResponseHead,
  Fields,
  type Handler,
  type HttpVersion,
  type RequestOptions,
  type Respond,
  request,
} from '@sse-from-scratch/http-raw'
import type { Connection } from '@sse-from-scratch/tcp-echo'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { describe, expect, test } from 'vitest'
import { bytes, converse, exchange, readToEnd, readUntil, toyChunked } from './support.ts'

/** What would write a line of ours, or end one for somebody. The last becomes CR LF when it is cut down to latin1. */
const BREAKS: readonly string[] = [
  '\r\nEvil: 1',
  '\nEvil: 1',
  '\rEvil: 1',
  '\0',
  '\r\n\r\nGET /evil HTTP/1.1\r\n\r\n',
  '\u010d\u010aEvil: 1',
]

/** As a program without types would call it. */
function untyped<T>(value: unknown): T {
  return value as T
}

/** Everything public that turns text of the caller into a part of a head, with no network in between. */
const ENCODERS: Readonly<Record<string, (text: string) => unknown>> = {
  'a field name': (text) => new Fields([[`A${text}`, 'b']]),
  'a field value': (text) => new Fields({ A: `b${text}` }),
  'a field added': (text) => new Fields().with('A', `b${text}`),
  'a method': (text) => encodeRequestHead({ ...REQUEST, method: `GET${text}` }),
  'a target': (text) => encodeRequestHead({ ...REQUEST, target: `/${text}` }),
  'the version of a request': (text) => encodeRequestHead({ ...REQUEST, version: untyped<HttpVersion>(`1.1${text}`) }),
  'fields that are text': (text) => encodeRequestHead({ ...REQUEST, fields: untyped<Fields>(`A: b${text}`) }),
  'fields that are lines': (text) => encodeRequestHead({ ...REQUEST, fields: untyped<Fields>([['A', `b${text}`]]) }),
  'a reason': (text) => encodeResponseHead({ ...RESPONSE, reason: `OK${text}` }),
  'the version of a response': (text) => encodeResponseHead({ ...RESPONSE, version: untyped<HttpVersion>(text) }),
  'a status': (text) => encodeResponseHead({ ...RESPONSE, status: untyped<number>(`200${text}`) }),
  'fields of a response that are text': (text) =>
    encodeResponseHead({ ...RESPONSE, fields: untyped<Fields>(`A: b${text}`) }),
  'a field for a proxy': (text) => dialThroughProxy('http://proxy', { fields: { A: `b${text}` } }),
}

const REQUEST = { method: 'GET', target: '/', version: '1.1', fields: new Fields({ Host: 'a' }) } as const
const RESPONSE = { version: '1.1', status: 200, reason: 'OK', fields: new Fields() } as const

describe.each(Object.entries(ENCODERS))('%s', (_, encode) => {
  test.each(BREAKS)('with %j is a TypeError or RangeError', (text) => {
    let error: unknown
    try {
      encode(text)
    } catch (caught) {
      error = caught
    }
    expect(['TypeError', 'RangeError']).toContain((error as Error | undefined)?.name)
  })
})

const ANSWERS: Readonly<Record<string, (respond: Respond, text: string) => Promise<unknown>>> = {
  'a field': (respond, text) => respond(200, { A: `b${text}` }, ''),
  'a field name': (respond, text) => respond(200, { [`A${text}`]: 'b' }, ''),
  'a length': (respond, text) => respond(200, { 'Content-Length': `0${text}` }, ''),
  'a date': (respond, text) => respond(200, { Date: `now${text}` }, ''),
  'a status': (respond, text) => respond(untyped<number>(`200${text}`), {}, ''),
  'an interim answer': (respond, text) => respond(103, { Link: `</x>${text}` }),
  'a status of an interim answer': (respond, text) => respond(untyped<number>(`103${text}`)),
  'a change of protocol': (respond, text) => respond(101, { Upgrade: `x${text}` }),
}

describe.each(Object.entries(ANSWERS))('an answer with %s', (_, answer) => {
  test.each(BREAKS)('that has %j in it is refused, and not a byte of it leaves', async (text) => {
    const handler: Handler = async (_request, respond) => {
      const error = await answer(respond, text).catch((caught: unknown) => caught)
      expect(['TypeError', 'RangeError']).toContain((error as Error).name)
      await respond(200, { Fine: 'yes' }, 'fine')
    }
    const output = await exchange(handler, 'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\n\r\n')
    expect(output).toMatch(/^HTTP\/1\.1 200 OK\r\nFine: yes\r\nContent-Length: 4\r\nDate: [^\r\n]+\r\n\r\nfine$/)
  })
})

test.each(BREAKS)('a trailer with %j in it is refused, and the body can still be ended', async (text) => {
  const output = await exchange(async (_request, respond) => {
    const body = await respond(200)
    await body.write(bytes('a'))
    await expect(body.end({ Sum: `1${text}` })).rejects.toThrow(TypeError)
    await body.end({ Sum: '1' })
  }, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(output).toMatch(/\r\n\r\n1\r\na\r\n0\r\nSum: 1\r\n\r\n$/)
})

const ASKED: Readonly<Record<string, (text: string) => RequestOptions>> = {
  'a method': (text) => ({ method: `GET${text}` }),
  'a field': (text) => ({ fields: { A: `b${text}` } }),
  'a field name': (text) => ({ fields: { [`A${text}`]: 'b' } }),
  'a Host': (text) => ({ fields: { Host: `a${text}` } }),
  'a Connection': (text) => ({ fields: { Connection: `close${text}` } }),
  'a length': (text) => ({ fields: { 'Content-Length': `0${text}` }, body: '' }),
}

describe.each(Object.entries(ASKED))('a request with %s', (_, options) => {
  test.each(BREAKS)('that has %j in it is refused before anybody is dialled', async (text) => {
    let dialled = false
    const dial = async (): Promise<Connection> => {
      dialled = true
      return memoryPair()[0]
    }
    const error = await request('http://a/', { ...options(text), dial }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(TypeError)
    expect(dialled).toBe(false)
  })
})

/** The head of a request for `url`, as it arrives at the other end of a connection in memory; or why there is none. */
async function headFor(url: string): Promise<unknown> {
  let head: Promise<string> | undefined
  const dial = async (): Promise<Connection> => {
    const [client, server] = memoryPair()
    head = readUntil(server, '\r\n\r\n').finally(() => server.abort())
    return client
  }
  const error = await request(url, { dial, transferCodings: [toyChunked] }).catch((caught: unknown) => caught)
  return head ?? error
}

test.each(BREAKS)('a URL with %j in it is refused, or asked for without a line of its own', async (text) => {
  for (const url of [
    `http://a/${text}`,
    `http://a/?${text}`,
    `http://a${text}/`,
    `http://a/#${text}`,
    `${text}http://a/`,
  ]) {
    const head = await headFor(url)
    if (typeof head === 'string') {
      expect(head).toMatch(/^GET \/[!-~]* HTTP\/1\.1\r\nHost: [!-~]+\r\nConnection: close\r\n\r\n$/)
    } else expect(head).toBeInstanceOf(TypeError)
  }
})

test.each(BREAKS)('a redirect to a Location with %j in it writes no line of ours', async (text) => {
  const asked: string[] = []
  const dial = async (): Promise<Connection> => {
    const { client, served } = converse(async ({ target, fields }, respond) => {
      asked.push(`${target} ${fields.has('evil')}`)
      const location = new Fields([['Location', `/next?${encodeURIComponent(text)}`]])
      await respond(asked.length === 1 ? 302 : 200, asked.length === 1 ? location : {}, '')
    })
    served.catch(() => {})
    return client
  }
  await using response = await request('http://a/', { dial, redirects: 3, transferCodings: [toyChunked] })
  expect(response.status).toBe(200)
  expect(asked).toEqual(['/ false', `/next?${encodeURIComponent(text)} false`])
})

test.each(BREAKS)(
  'a name or password for a proxy with %j in it is a TypeError, or base64 if it has no control',
  async (text) => {
    for (const url of [
      `http://me:se${encodeURIComponent(text)}cret@proxy`,
      `http://m${encodeURIComponent(text.replace(':', ''))}e@proxy`, // a colon has no place in a name
    ]) {
      const [client, proxy] = memoryPair()
      const dial = () => dialThroughProxy(url, { dial: async () => client })(new URL('http://a/'), {})
      if (/\p{Cc}/u.test(text)) expect(dial).toThrow(TypeError)
      else {
        dial().catch(() => {}) // aborted below
        const head = await readUntil(proxy, '\r\n\r\n')
        expect(head).toMatch(/^CONNECT a:80 HTTP\/1\.1\r\nHost: a:80\r\nProxy-Authorization: Basic [\w+/=]+\r\n\r\n$/)
      }
      proxy.abort()
    }
  },
)

test.each(BREAKS)('a tunnel to a host with %j in it is not asked for', async (text) => {
  const [client, proxy] = memoryPair()
  const dial = dialThroughProxy('http://proxy', { dial: async () => client })
  const url = untyped<URL>({ hostname: `a${text}`, port: '1', protocol: 'http:' })
  await expect(dial(url, {})).rejects.toThrow(TypeError)
  await client.end().catch(() => {}) // whatever had been sent would stand before it
  expect(await readToEnd(proxy).catch(() => '')).toBe('')
})
