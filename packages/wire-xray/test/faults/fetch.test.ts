import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from '@sse-from-scratch/tcp-echo'
import { IMITATIONS, imitationOf } from '@sse-from-scratch/wire-xray/faults'
import { fetch } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytes, text } from '../recording/entries.ts'
import { startHop } from './hop.ts'

const EVENTS = 8
const WHOLE = Array.from({ length: EVENTS }, (_, n) => `id: ${n}\ndata: {"n":${n}}\n\n`)

let server: Server
let port: number
beforeAll(async () => {
  server = createServer(async (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    for (const event of [...WHOLE, 'data: [DONE]\n\n']) {
      response.write(event)
      await new Promise((resolve) => setImmediate(resolve)) // so that each leaves by itself
    }
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** What fetch says of an answer: its text, or the code of its failure. */
async function asked(faults: string): Promise<{ readonly status: number; readonly body: string }> {
  await using hop = await startHop(port, faults)
  const url = `http://127.0.0.1:${hop.address.port}/v1/chat/completions`
  const hangs = /strip=terminator|stall@/.test(faults)
  const signal = hangs ? AbortSignal.timeout(300) : null // whoever hangs would do so for ever
  const response = await fetch(url, { signal })
  try {
    return { status: response.status, body: await response.text() }
  } catch (error) {
    const { name, cause } = error as Error & { cause?: Error & { code?: string } }
    return { status: response.status, body: cause?.code ?? cause?.name ?? name }
  }
}

const all = [...WHOLE, 'data: [DONE]\n\n'].join('')
const without = (...dropped: readonly number[]): string =>
  [...WHOLE, 'data: [DONE]\n\n'].filter((_, index) => !dropped.includes(index)).join('')

describe('What fetch makes of', () => {
  test.each([
    ['split=1', all],
    ['split=1..9', all],
    ['delay=5ms', all],
    ['rate=100kB/s', all],
    ['stall=5ms@event:3', all],
    ['idle=1m', all],
    ['merge=64', all],
    ['merge=all', all],
    ['merge=5ms', all],
    ['one-behind', all],
    ['chunks=upper', all],
    ['chunks=padded', all],
    ['polite=any', all],
    ['no-rst', all],
    ['http10', all],
    ['gzip=flush', all],
    ['gzip=noflush', all],
    ['strip-header=date', all],
    // fetch cannot know that something is missing
    ['drop=event:5', without(4)],
    ['no-done', without(EVENTS)],
    ['strip=blank-line@last', all.trimEnd()],
    ['bom', all], // Response.text() takes it off
    ['cr', all.replaceAll('\n', '\r')],
    ['http10,cut=fin@event:3', without(3, 4, 5, 6, 7, 8)],
    ['cut=fin@event:3,polite=fin', without(3, 4, 5, 6, 7, 8)],
    ['cut=rst@event:3,polite=any', without(3, 4, 5, 6, 7, 8)],
    // fetch can, and says so
    ['cut=fin@event:3', 'UND_ERR_SOCKET'],
    ['cut=fin@byte:300', 'UND_ERR_SOCKET'],
    ['cut=rst@event:3', 'ECONNRESET'],
    ['cut=rst@event:3,no-rst', 'UND_ERR_SOCKET'],
    ['corrupt=size@event:3', 'HTTPParserError'],
    ['size=+5@event:3', 'HTTPParserError'],
    // fetch waits
    ['strip=terminator', 'TimeoutError'],
    ['stall@event:3', 'TimeoutError'],
  ])('%s', async (faults, body) => {
    expect(await asked(faults)).toEqual({ status: 200, body })
  })

  test('a size that is too small: the CRLF behind the chunk is not where it should be', async () => {
    expect((await asked('size=-2@event:3')).body).toBe('HTTPParserError')
  })

  test('a whole read that is lost: nothing, as long as it was a whole chunk', async () => {
    const { body } = await asked('drop=read:4')
    expect([without(), ...WHOLE.map((_, n) => without(n))]).toContain(body)
  })

  test('ten bytes that are lost: a chunk that is not what it says', async () => {
    expect((await asked('drop=10@byte:260')).body).toMatch(/HTTPParserError|UND_ERR_SOCKET/)
  })

  test('an error in the place of an event: an answer that is whole', async () => {
    const { body } = await asked('error=overloaded@event:3')
    expect(body).toContain(`${WHOLE[0]}${WHOLE[1]}data: {"error":`)
    expect(body).not.toContain('"n":2')
  })

  test.each(IMITATIONS.map(({ name }) => name))('%s, when nothing breaks: the same answer', async (name) => {
    const faults = IMITATIONS.find((each) => each.name === name)?.faults as string
    expect(await asked(faults)).toEqual({ status: 200, body: all })
  })
})

test('An imitation that there is not says which one could be meant', () => {
  expect(() => imitationOf('nginx')).toThrow('there is no imitation "nginx"')
  expect(() => imitationOf('haproxy-plian')).toThrow('did you mean haproxy-plain?')
  expect(() => imitationOf('squid')).toThrow(TypeError)
})

test('A hop with faults serves one request after the other on a connection', async () => {
  await using hop = await startHop(port, 'drop=event:1')
  await using connection = await connect({ port: hop.address.port, host: '127.0.0.1' })
  let got = ''
  for (let n = 1; n <= 2; n++) {
    await connection.write(bytes('GET / HTTP/1.1\r\nHost: a\r\n\r\n'))
    while (got.split('0\r\n\r\n').length <= n) got += text((await connection.read()) as Uint8Array)
  }
  expect(got.match(/"n":0/g)).toBeNull()
  expect(got.match(/"n":1/g)).toHaveLength(2)
})
