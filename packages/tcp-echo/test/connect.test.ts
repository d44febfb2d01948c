import { connect, echo, listen, TcpError, toTcpError } from '@sse-from-scratch/tcp-echo'
import { expect, test } from 'vitest'
import { bytes, readAll, turns } from './bytes.ts'

test('a port where nobody listens is TCP_REFUSED', async () => {
  const listener = await listen(echo)
  const { port } = listener.address
  await listener.close()
  const error = await connect({ port }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(TcpError)
  expect(error).toMatchObject({ name: 'TcpError', code: 'TCP_REFUSED', cause: { code: 'ECONNREFUSED' } })
  await expect(connect({ port, host: 'localhost' })).rejects.toMatchObject({ code: 'TCP_REFUSED' })
})

test('a name is tried at each of its addresses until one answers', async () => {
  await using listener = await listen(echo, { host: '127.0.0.1' })
  await using client = await connect({ port: listener.address.port, host: 'localhost' })
  await client.write(bytes('hello'))
  await client.end()
  expect(await readAll(client)).toBe('hello')
})

test('a signal that has aborted stops connect before it starts, with its reason', async () => {
  const reason = new Error('changed my mind')
  await expect(connect({ port: 9, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

test('a signal that aborts stops connect, with its reason, and leaves no connection behind', async () => {
  const listener = await listen(echo)
  const stop = new AbortController()
  const connecting = connect({ port: listener.address.port, signal: stop.signal })
  const reason = new Error('changed my mind')
  stop.abort(reason)
  await expect(connecting).rejects.toBe(reason)
  await turns(20)
  await listener.close()
})

test('a signal that aborts after connect has resolved changes nothing', async () => {
  await using listener = await listen(echo)
  const stop = new AbortController()
  await using client = await connect({ port: listener.address.port, signal: stop.signal })
  stop.abort()
  await client.write(bytes('still here'))
  await client.end()
  expect(await readAll(client)).toBe('still here')
})

test('connect gives up with TCP_TIMEOUT', async () => {
  await using listener = await listen(echo)
  await turns(1) // next the event loop looks at its timers, and only then at the network
  const connecting = connect({ port: listener.address.port, connectTimeout: 1 })
  holdUp(10)
  await expect(connecting).rejects.toMatchObject({ code: 'TCP_TIMEOUT' })
})

test('connectTimeout 0 never gives up', async () => {
  await using listener = await listen(echo)
  await turns(1)
  const connecting = connect({ port: listener.address.port, connectTimeout: 0 })
  holdUp(10)
  await using client = await connecting
  expect(client.remote).toEqual(listener.address)
})

test.each([0, -1, 65_536, 1.5, Number.NaN, '80' as never])('port %j is a RangeError', async (port) => {
  await expect(connect({ port })).rejects.toBeInstanceOf(RangeError)
})

test.each([-1, Number.NaN])('connectTimeout %j is a RangeError', async (connectTimeout) => {
  await expect(connect({ port: 9, connectTimeout })).rejects.toBeInstanceOf(RangeError)
})

test.each([
  ['ENOTFOUND', 'TCP_UNREACHABLE'],
  ['EAI_AGAIN', 'TCP_UNREACHABLE'],
  ['ENETUNREACH', 'TCP_UNREACHABLE'],
  ['EPIPE', 'TCP_RESET'],
  ['ETIMEDOUT', 'TCP_TIMEOUT'],
  ['EMFILE', 'TCP_FAILED'],
])('%s is called %s', (system, code) => {
  const cause = Object.assign(new Error('what the system says'), { code: system })
  expect(toTcpError(cause)).toMatchObject({ code, message: 'what the system says', cause })
})

test('when no address answers, the message has what each of them said', () => {
  const cause = Object.assign(new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')]), {
    code: 'ECONNREFUSED',
  })
  expect(toTcpError(cause)).toMatchObject({ code: 'TCP_REFUSED', message: '::1 refused; 127.0.0.1 refused' })
})

/** Keeps the event loop from turning. */
function holdUp(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}
