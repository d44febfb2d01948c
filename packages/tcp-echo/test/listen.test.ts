import { type Connection, connect, echo, type Listener, listen } from '@sse-from-scratch/tcp-echo'
import { expect, test } from 'vitest'
import { bytes, readAll, turns, whenOver } from './bytes.ts'

test('listens on this machine only, on a free port, unless told otherwise', async () => {
  await using listener = await listen(echo)
  expect(listener.address.address).toBe('127.0.0.1')
  expect(listener.address.port).toBeGreaterThan(0)
})

test('a port that is taken is TCP_ADDRESS_IN_USE: which one, what to do, and what the system said as the cause', async () => {
  await using listener = await listen(echo)
  const { port } = listener.address
  await expect(listen(echo, { port })).rejects.toMatchObject({
    code: 'TCP_ADDRESS_IN_USE',
    message: expect.stringMatching(`^port ${port} of 127.0.0.1 is taken by another program: .* 0 takes any`),
    cause: { code: 'EADDRINUSE' },
  })
})

test.each([-1, 65_536, 1.5, Number.NaN])('port %j is a RangeError', async (port) => {
  await expect(listen(echo, { port })).rejects.toBeInstanceOf(RangeError)
})

test.each([0, -1, Number.NaN])('maxConnections %j is a RangeError', async (maxConnections) => {
  await expect(listen(echo, { maxConnections })).rejects.toBeInstanceOf(RangeError)
})

test('a handler that returns closes its connection, after what it wrote', async () => {
  await using listener = await listen((connection) => void connection.write(bytes('bye')))
  await using client = await connect({ port: listener.address.port })
  expect(await readAll(client)).toBe('bye')
})

test('a handler that rejects resets its connection, and onError is told', async () => {
  const errors: unknown[] = []
  const handler = async (connection: Connection) => {
    await connection.read()
    throw new Error('boom')
  }
  await using listener = await listen(handler, { onError: (error) => errors.push(error) })
  await using client = await connect({ port: listener.address.port })
  await client.write(bytes('x'))
  await expect(client.read()).rejects.toMatchObject({ code: 'TCP_RESET' })
  expect(errors).toEqual([new Error('boom')])
})

test('a handler that throws before it has awaited anything is no different', async () => {
  let tell = (_: unknown) => {}
  const told = new Promise((resolve) => {
    tell = resolve
  })
  const handler = () => {
    throw new Error('boom')
  }
  await using listener = await listen(handler, { onError: tell })
  await connect({ port: listener.address.port }).catch(() => {}) // the RST may be faster than we are
  expect(await told).toEqual(new Error('boom'))
})

test('a client that resets does not hurt the others', async () => {
  await using listener = await listen(echo)
  const { port } = listener.address
  for (let i = 0; i < 20; i++) {
    const rude = await connect({ port })
    void rude.write(bytes('x')).catch(() => {})
    rude.abort()
  }
  await using polite = await connect({ port })
  await polite.write(bytes('hello'))
  await polite.end()
  expect(await readAll(polite)).toBe('hello')
})

test('one connection past maxConnections is closed at once, and there is room again when one ends', async () => {
  await using listener = await listen(echo, { maxConnections: 1 })
  const { port } = listener.address
  const first = await connect({ port })
  await first.write(bytes('x'))
  await first.read()
  const second = await connect({ port })
  await expect(readAll(second).catch(() => '')).resolves.toBe('')
  await first.end()
  await whenOver(first)
  expect(await echoOnce(port)).toBe('again')

  /** The listener may learn later than we do that `first` is gone. */
  async function echoOnce(port: number): Promise<string> {
    for (;;) {
      await using client = await connect({ port })
      await client.write(bytes('again')).catch(() => {})
      await client.end().catch(() => {})
      const answer = await readAll(client).catch(() => '')
      if (answer !== '') return answer
    }
  }
})

test('close accepts nobody new and waits for those who are there', async () => {
  const listener = await listen(echo)
  const { port } = listener.address
  await using client = await connect({ port })
  await client.write(bytes('still '))
  await client.read()
  const order: string[] = []
  const closing = Promise.all([listener.close(), listener.close()]).then(() => order.push('closed'))
  await expect(connect({ port })).rejects.toMatchObject({ code: 'TCP_REFUSED' })
  await client.write(bytes('served'))
  order.push('ended')
  await client.end()
  expect(await readAll(client)).toBe('served')
  await closing
  expect(order).toEqual(['ended', 'closed'])
})

test('close cuts those who are left when its signal aborts', async () => {
  const errors: unknown[] = []
  const listener = await listen(echo, { onError: (error) => errors.push(error) })
  await using client = await connect({ port: listener.address.port })
  await client.write(bytes('x'))
  await client.read()
  const patience = new AbortController()
  const closing = listener.close(patience.signal)
  await turns(5)
  expect(client.signal.aborted).toBe(false)
  const reason = new Error('no more patience')
  patience.abort(reason)
  await closing
  expect(await whenOver(client)).toMatchObject({ code: 'TCP_RESET' })
  expect(errors).toMatchObject([{ code: 'TCP_CLOSED', cause: reason }])
})

test('a second close with a signal can hurry up the first', async () => {
  const listener = await listen(echo)
  await using client = await connect({ port: listener.address.port })
  await client.write(bytes('x'))
  await client.read()
  const closing = listener.close()
  await listener.close(AbortSignal.abort())
  await closing
})

test('disposing a listener cuts its connections', async () => {
  let kept: Listener | undefined
  {
    await using listener = await listen(echo)
    kept = listener
    const client = await connect({ port: listener.address.port })
    await client.write(bytes('x'))
    await client.read()
  }
  await kept.close()
})
