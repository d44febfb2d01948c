import { type Listener, listen, TcpError } from '@sse-from-scratch/tcp-echo'
import { expect, test } from 'vitest'
import { listenNearby } from '../src/listen-nearby.ts'
import { parseOptions, UsageError } from '../src/options.ts'

const open = (port: number): Promise<Listener> => listen(() => {}, { port })

test('without a port, the next free one after the first is taken', async () => {
  await using taken = await open(0)
  const first = taken.address.port
  await using listener = await listenNearby(open, undefined, first)
  expect(listener.address.port).toBeGreaterThan(first)
})

test('a port that was asked for and is taken is an error that says what to do', async () => {
  await using taken = await open(0)
  const { port } = taken.address
  await expect(listenNearby(open, port)).rejects.toThrow(`Port ${port} is taken by another program. Leave --port out`)
})

test('any other failure is passed on as it is', async () => {
  const failure = new TcpError('TCP_FAILED', 'no such address')
  await expect(listenNearby(() => Promise.reject(failure), 8080)).rejects.toBe(failure)
})

test.each([
  [['--port', 'http']],
  [['--port', '70000']],
  [['--port', '-1']],
  [['--port=']],
  [['--tokens-per-second', 'fast']],
  [['--nonsense']],
])('%j is refused', (args) => {
  expect(() => parseOptions(args)).toThrow(UsageError)
})

test('options have defaults', () => {
  expect(parseOptions([])).toEqual({ port: undefined, host: '127.0.0.1', tokensPerSecond: 40, help: false })
})
