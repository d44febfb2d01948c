import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { asText, expect, mistake, within } from '@sse-from-scratch/course'
import { describeWith, run } from '@sse-from-scratch/testkit'
import { test } from 'vitest'
import { createServer } from '#ex/08-a-server-from-raw-sockets'
import type { Handler, RawRequest } from './contract.ts'

const noLength = mistake<boolean>(
  'no-length',
  'The answer has no Content-Length. The connection stays open, so the client cannot know where the body ends: it waits for more (RFC 9112 §6.3).',
  (got) => !got,
)
const headOnly = mistake<string>(
  'head-only',
  'You left the body of the request where it was. It is a part of the request: as many bytes as Content-Length says (RFC 9112 §6.2).',
  (got) => got === '',
)
const readIsRequest = mistake(
  'read-is-request',
  'One read is not one request. Its head came in two reads, and you judged each by itself. Keep what has come until the request is whole.',
  (got) => got.length === 0 || asText(got).includes(' 400 '),
)
const closesEach = mistake<readonly string[]>(
  'closes-each',
  'You closed the connection after the first answer. In HTTP/1.1 it stays open for the next request, unless one side says `Connection: close` (RFC 9112 §9.3).',
  (got) => got.length === 1,
)
const dropsTheRest = mistake(
  'drops-the-rest',
  'A client may send the next request before it has your answer (RFC 9112 §9.3.2). Both came in one read, and you threw away what stood behind the first.',
  (got) => answers(got).length === 1,
)
const outOfOrder = mistake<readonly string[]>(
  'out-of-order',
  'The second answer came first. HTTP/1.1 has no numbers on answers: the client takes the first one for the answer to its first request (RFC 9112 §9.3.2).',
  (got) => got[0] === 'fast',
)
const ignoresClose = mistake(
  'ignores-close',
  'The client said `Connection: close`: it waits for your FIN, and you wait for its next request (RFC 9112 §9.6).',
  (got) => answers(got).length === 1,
)
const silentRefusal = mistake<{ status: string }>(
  'silent-refusal',
  'You cut the connection without a word. What is no request is answered with 400, and then the connection is closed (RFC 9112 §2.2, RFC 9110 §15.5.1).',
  ({ status }) => status === 'no answer',
)
const bodyForHead = mistake<string>(
  'body-for-head',
  'The answer to HEAD ends with its head (RFC 9110 §9.3.2). The client takes the body you sent for the beginning of the next answer.',
  (got) => got !== '',
)
const silentFault = mistake(
  'silent-fault',
  'The handler threw, and the client waits for ever. Whoever asks gets an answer: 500 (RFC 9110 §15.6.1).',
  (got) => got.length === 0,
)

/** Who cannot read chunked bodies may say 1.0: HTTP/1.1 demands it (RFC 9112 §7.1). */
const VERSION = /^HTTP\/1\.[01] /
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const hello: Handler = () => ({ status: 200, headers: [['Content-Type', 'text/plain']], body: 'hello' })

test('an answer has a status-line, its fields, a length and a body', async () => {
  await using client = await calling(hello)
  client.socket.write(GET)
  await within(1000, client.has('hello'), 'the answer', client.received)
  const [head = '', body] = asText(client.received()).split('\r\n\r\n')
  const [statusLine, ...fieldLines] = head.split('\r\n')
  expect({ status: statusLine?.replace(VERSION, ''), body }).toMean({ status: '200 OK', body: 'hello' })
  expect(fieldLines.some((line) => /^content-type: text\/plain$/i.test(line))).toMean(true)
  expect(fieldLines.some((line) => /^content-length: 5$/i.test(line))).toMean(true, { mistakes: [noLength] })
})

test('the handler gets the request, with its body', async () => {
  let seen: RawRequest | undefined
  await using client = await calling((request) => {
    seen = request
    return { status: 204 }
  })
  client.socket.write('POST /echo?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\nw\u00f6rld!')
  await within(1000, client.has('\r\n\r\n'), 'the answer', client.received)
  const { method, target, headers, body } = seen as unknown as RawRequest
  expect({ method, target, host: headers.find(([name]) => name === 'host')?.[1] }).toMean({
    method: 'POST',
    target: '/echo?x=1',
    host: 'a',
  })
  expect(new TextDecoder().decode(body)).toMean('w\u00f6rld!', { mistakes: [headOnly] })
})

test('a request may come in pieces', async () => {
  await using client = await calling(({ body }) => ({ status: 200, body: `got ${body.length}` }))
  for (const piece of ['POST / HT', 'TP/1.1\r\nHost: a\r\nContent-Length: 5\r', '\n\r\nhe', 'llo']) {
    client.socket.write(piece)
    await turns(5)
  }
  await within(1000, client.has('got 5'), 'the answer', client.received, [readIsRequest])
})

test('two requests, one after the other, on one connection', async () => {
  await using client = await calling(({ target }) => ({ status: 200, body: `to ${target}` }))
  client.socket.write(GET.replace('/', '/1'))
  await within(1000, client.has('to /1'), 'the first answer', client.received)
  client.socket.write(GET.replace('/', '/2'))
  await within(1000, client.has('to /2'), 'the second answer', client.received)
  expect(answers(client.received())).toMean<readonly string[]>(['to /1', 'to /2'], { mistakes: [closesEach] })
})

test('two requests in one read get two answers', async () => {
  await using client = await calling(({ target }) => ({ status: 200, body: `to ${target}` }))
  client.socket.write(GET.replace('/', '/1') + GET.replace('/', '/2'))
  await within(1000, client.has('to /2'), 'the second answer', client.received, [dropsTheRest])
  expect(answers(client.received())).toMean<readonly string[]>(['to /1', 'to /2'])
})

test('the next request begins behind the body of this one', async () => {
  await using client = await calling(({ target, body }) => ({ status: 200, body: `${body.length} to ${target}` }))
  const post = 'POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\nhello, again'
  client.socket.write(post + GET.replace('/', '/2'))
  await within(1000, client.has('to /2'), 'the second answer', client.received, [dropsTheRest])
  expect(answers(client.received())).toMean<readonly string[]>(['12 to /1', '0 to /2'])
})

test('answers come in the order of the requests, however long each takes', async () => {
  await using client = await calling(async ({ target }) => {
    if (target === '/slow') await turns(20)
    return { status: 200, body: target.slice(1) }
  })
  client.socket.write(GET.replace('/', '/slow') + GET.replace('/', '/fast'))
  await within(1000, Promise.all([client.has('slow'), client.has('fast')]), 'both answers', client.received)
  expect(answers(client.received())).toMean<readonly string[]>(['slow', 'fast'], { mistakes: [outOfOrder] })
})

test('after "Connection: close" the connection is closed', async () => {
  await using client = await calling(hello)
  client.socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  await within(500, client.over, 'the server to close the connection', client.received, [ignoresClose])
  expect(answers(client.received())).toMean<readonly string[]>(['hello'])
})

test('the answer to HEAD has no body', async () => {
  await using client = await calling(hello)
  client.socket.write('HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  await within(1000, client.over, 'the server to close the connection', client.received)
  expect(asText(client.received()).split('\r\n\r\n')[1]).toMean('', { mistakes: [bodyForHead] })
})

test('what is no request is answered with 400, and the connection is closed', async () => {
  const lengths = ['five', '5x', '+5'].map(
    (length) => `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\nhello`,
  )
  for (const text of ['hello\r\n\r\n', ...lengths]) {
    await using client = await calling(hello)
    client.socket.write(text)
    await within(1000, client.over, 'the server to close the connection', client.received)
    const [, status = 'no answer'] = /^HTTP\/1\.[01] (\d+)/.exec(asText(client.received())) ?? []
    expect({ status }).toMean({ status: '400' }, { given: text, mistakes: [silentRefusal] })
  }
})

test('a handler that throws is a 500, and the server goes on', async () => {
  await using client = await calling(({ target }) => {
    if (target === '/bad') throw new Error('secret words')
    return { status: 200, body: 'fine' }
  })
  client.socket.write(GET.replace('/', '/bad'))
  await within(500, client.has('\r\n\r\n'), 'an answer', client.received, [silentFault])
  expect(asText(client.received()).split('\r\n')[0]?.replace(VERSION, '')).toMean('500 Internal Server Error')
  expect(asText(client.received()).includes('secret')).toMean(false)
  const response = await within(1000, fetch(client.url), 'the next answer')
  expect(await response.text()).toMean('fine')
})

test('fetch accepts it', async () => {
  await using client = await calling(({ body }) => ({ status: 200, body: Buffer.concat([body, Buffer.from('!')]) }))
  const response = await within(1000, fetch(client.url, { method: 'POST', body: 'w\u00f6rld' }), 'an answer to fetch')
  expect({ status: response.status, text: await response.text() }).toMean({ status: 200, text: 'w\u00f6rld!' })
})

describeWith(['curl'], 'curl', ([curl]) => {
  test('curl accepts it, twice on one connection', async () => {
    await using client = await calling(({ target }) => ({ status: 200, body: `to ${target} ` }))
    const args = ['-s', '--max-time', '5', '-w', '%{num_connects} ', `${client.url}1`, `${client.url}2`]
    const { stdout, code } = await run(curl?.path ?? 'curl', args)
    expect({ stdout, code }).toMean({ stdout: 'to /1 1 to /2 0 ', code: 0 })
  })
})

interface Client extends AsyncDisposable {
  readonly url: string
  readonly socket: Socket
  readonly received: () => Uint8Array
  /** Resolves when these characters have come, or no more will. */
  readonly has: (text: string) => Promise<void>
  readonly over: Promise<void>
}

/** A server with this handler, and a raw client that is connected to it. */
async function calling(handler: Handler): Promise<Client> {
  const server = createServer(handler)
  const port = await within(1000, server.listen(), 'the server to listen')
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const reads: Uint8Array[] = []
  const received = () => Buffer.concat(reads)
  const waiting = new Set<() => void>()
  let isOver = false
  const look = () => {
    for (const check of [...waiting]) check()
  }
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      waiting.add(() => {
        if (isOver || holds()) resolve()
      })
      look()
    })
  const onOver = () => {
    isOver = true
    look()
  }
  socket.on('data', (bytes) => {
    reads.push(bytes)
    look()
  })
  socket.on('end', onOver).on('error', onOver).on('close', onOver)
  await once(socket, 'connect')
  return {
    url: `http://127.0.0.1:${port}/`,
    socket,
    received,
    has: (text) => until(() => asText(received()).includes(text)),
    over: until(() => false),
    async [Symbol.asyncDispose]() {
      socket.destroy()
      await within(1000, server.close(), 'close')
    },
  }
}

/** The bodies of all answers that have come whole, by their Content-Length. */
function answers(bytes: Uint8Array): readonly string[] {
  const text = asText(bytes)
  const bodies: string[] = []
  for (let at = 0; ; ) {
    const end = text.indexOf('\r\n\r\n', at)
    if (end === -1) return bodies
    const length = Number(/^content-length: (\d+)\r$/im.exec(text.slice(at, end + 2))?.[1] ?? 0)
    bodies.push(text.slice(end + 4, end + 4 + length))
    at = end + 4 + length
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await nextTurn()
}
