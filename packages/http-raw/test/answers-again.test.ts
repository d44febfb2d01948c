import { Socket } from 'node:net'
import { type Handler, serve } from '@sse-from-scratch/http-raw'
import { connect } from '@sse-from-scratch/tcp-echo'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { answerFields } from '../src/answer-fields.ts'
import { Fields } from '../src/fields.ts'
import { frameAgain } from '../src/frame-again.ts'
import { frameResponse } from '../src/frame-response.ts'
import type { RequestHead } from '../src/head.ts'
import { bytes, toyChunked } from './support.ts'

describe('the fields of an answer', () => {
  const records = [{ A: 'b' }, { A: 'c' }, { a: 'b' }, { A: 'b', B: 'c' }, { B: 'c', A: 'b' }, {}]

  test('are those that the record says, whatever the one before it said', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...records), { minLength: 2 }), (said) => {
        for (const record of said) expect(`${answerFields({ ...record })}`).toBe(`${new Fields(record)}`)
      }),
    )
  })

  test('are made once for records that say the same', () => {
    expect(answerFields({ 'Content-Type': 'a/b' })).toBe(answerFields({ 'Content-Type': 'a/b' }))
  })

  test('are those of the record as it was when it was given', () => {
    const record = { A: 'before' }
    const fields = answerFields(record)
    record.A = 'after'
    expect([`${fields}`, `${answerFields(record)}`]).toEqual(['A: before\r\n', 'A: after\r\n'])
  })

  test('are checked behind good ones too', () => {
    answerFields({ A: 'good' })
    expect(() => answerFields({ A: 'b\r\nB: c' })).toThrow(TypeError)
    expect(() => answerFields({ A: 'b\r\nB: c' })).toThrow(TypeError)
    expect(`${answerFields({ A: 'good' })}`).toBe('A: good\r\n')
  })
})

afterEach(() => void vi.useRealTimers())

test('an answer that is said again is framed as it would be for the first time', () => {
  const fields = [new Fields(), new Fields({ A: 'b' }), new Fields({ Connection: 'close' }), new Fields({ Date: 'x' })]
  const framers = (['1.1', '1.0'] as const).map((version) => ({ version, transferCodings: [] }))
  const said = (connection: string) => new Fields(connection ? { Connection: connection } : {})
  const request = fc.constantFrom<RequestHead>(
    { method: 'GET', target: '/', version: '1.1', fields: said('') },
    { method: 'HEAD', target: '/', version: '1.1', fields: said('') },
    { method: 'CONNECT', target: 'a:1', version: '1.1', fields: said('') },
    { method: 'GET', target: '/', version: '1.0', fields: said('') },
    { method: 'GET', target: '/', version: '1.1', fields: said('close') },
    { method: 'GET', target: '/', version: '1.1', fields: said('keep-alive') },
  )
  const answer = fc.tuple(
    fc.constantFrom(200, 404, 204, 304),
    fc.constantFrom(...fields),
    fc.constantFrom(0, 11, undefined),
    fc.option(request, { nil: undefined }),
    fc.boolean(),
    fc.constantFrom(...framers),
  )
  const outcome = (frame: () => ReturnType<typeof frameResponse>) => {
    try {
      const { head, body, persists, encoder } = frame()
      return { head, body, persists, open: encoder !== undefined }
    } catch (error) {
      return String(error)
    }
  }
  vi.useFakeTimers() // both in the same second
  fc.assert(
    fc.property(answer, answer, fc.nat(5), (some, other, what) => {
      const nearlyTheSame = some.map((value, index) => (index === what ? other[index] : value)) as typeof some
      for (const [status, fields, size, request, mayPersist, framer] of [some, some, nearlyTheSame, some]) {
        const once = outcome(() => frameResponse({ status, fields, size }, request, mayPersist, framer))
        expect(outcome(() => frameAgain(status, fields, size, request, mayPersist, framer))).toEqual(once)
      }
    }),
    { numRuns: 5000 },
  )
})

test('the answers to requests that came together leave together, though each handler waits for its own', async () => {
  const handler: Handler = async (_, respond) => {
    await respond(200, { 'Content-Type': 'text/plain' }, 'hello')
  }
  await using server = await serve(handler, { transferCodings: [toyChunked] })
  await using client = await connect({ port: server.address.port })
  const write = vi.spyOn(Socket.prototype, 'write')
  await client.write(bytes('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(16)))
  let received = ''
  while (received.split('HTTP/1.1 200 OK').length < 17) received += Buffer.from((await client.read()) ?? []).toString()
  const answers = write.mock.calls.filter(([data]) => String(data).startsWith('HTTP/1.1 200')).length
  write.mockRestore()
  expect(answers).toBe(1)
})
