import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { withFaults } from '@sse-from-scratch/wire-xray/faults'
import { describe, expect, test, vi } from 'vitest'
import { bytes, text } from '../recording/entries.ts'
import { ASK, chunk, event, HEAD, LAST } from './through.ts'

/** The reads of a connection up to its end. */
async function readsOf(connection: AsyncIterable<Uint8Array>): Promise<readonly string[]> {
  const reads: string[] = []
  for await (const read of connection) reads.push(text(read))
  return reads
}

/** Time that somebody moves. */
function handClock() {
  let time = 0
  const waiting: { readonly due: number; readonly go: () => void }[] = []
  return {
    clock: {
      now: () => time,
      sleep: (milliseconds: number) =>
        new Promise<void>((go) => {
          if (milliseconds === 0) setImmediate(go)
          else waiting.push({ due: time + milliseconds, go })
        }),
    },
    waiting,
    moveTo(at: number) {
      time = at
      for (const each of waiting.splice(0)) {
        if (each.due <= at) each.go()
        else waiting.push(each)
      }
    },
  }
}

describe('A connection with faults', () => {
  test('reads what has gone through them, and writes what it is given', async () => {
    const [ours, theirs] = memoryPair()
    const connection = withFaults(ours, 'split=2')
    await connection.write(bytes('up'))
    expect(text((await theirs.read()) as Uint8Array)).toBe('up')
    await theirs.write(bytes('down!'))
    await theirs.end()
    expect(await readsOf(connection)).toEqual(['do', 'wn', '!'])
    expect(await connection.read()).toBeNull()
  })

  test('knows from what is written whose words an error is to be in', async () => {
    const [ours, theirs] = memoryPair()
    const connection = withFaults(ours, 'error=overloaded@event:1')
    await connection.write(bytes(ASK.replace('/chat/completions', '/messages')))
    await theirs.write(bytes(HEAD + chunk(event(1)) + LAST))
    await theirs.end()
    expect((await readsOf(connection)).join('')).toContain('overloaded_error')
  })

  test('reads a RST where a fault wants one, and so does the server', async () => {
    const [ours, theirs] = memoryPair()
    const connection = withFaults(ours, 'cut=rst@byte:2')
    await theirs.write(bytes('abc'))
    expect(text((await connection.read()) as Uint8Array)).toBe('ab')
    await expect(connection.read()).rejects.toMatchObject({ code: 'TCP_RESET' })
    await expect(connection.read()).rejects.toMatchObject({ code: 'TCP_RESET' })
    expect(connection.signal.reason).toMatchObject({ code: 'TCP_RESET' })
    await expect(theirs.read()).rejects.toMatchObject({ code: 'TCP_RESET' })
  })

  test('reads the RST of the server behind all that came before it', async () => {
    const [ours, theirs] = memoryPair()
    const connection = withFaults(ours, 'delay=1ms')
    await theirs.write(bytes('abc'))
    theirs.abort()
    expect(text((await connection.read()) as Uint8Array)).toBe('abc')
    await expect(connection.read()).rejects.toMatchObject({ code: 'TCP_RESET' })
  })

  test('gives back what was unread, untouched', async () => {
    const [ours, theirs] = memoryPair()
    const connection = withFaults(ours, 'split=3')
    await theirs.write(bytes('abcdef'))
    connection.unread((await connection.read()) as Uint8Array)
    expect(text((await connection.read()) as Uint8Array)).toBe('abc')
    expect(text((await connection.read()) as Uint8Array)).toBe('def')
  })

  test.each(['stall@byte:1', 'delay=1m'])('stops reading at once when it is aborted: %s', async (faults) => {
    const [ours, theirs] = memoryPair()
    const connection = withFaults(ours, faults)
    await theirs.write(bytes('abc'))
    if (faults.startsWith('stall')) await connection.read()
    const read = connection.read()
    connection.abort(new Error('enough'))
    await expect(read).rejects.toThrow('enough')
  })

  test('lets its server wait when the faults hold as much as they may', async () => {
    const [ours, theirs] = memoryPair({ capacity: 100 })
    const { clock, moveTo, waiting } = handClock()
    const connection = withFaults(ours, 'delay=10ms', { maxHeld: 1000, clock })
    const read = connection.read()
    let written = 0
    const writing = (async () => {
      for (let n = 0; n < 20; n++) {
        await theirs.write(new Uint8Array(200))
        written += 200
      }
    })()
    await vi.waitFor(() => expect(written).toBeGreaterThanOrEqual(1200), 50_000)
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(written).toBeLessThanOrEqual(1600)
    expect(waiting.length).toBeGreaterThan(0)
    moveTo(10)
    expect((await read)?.length).toBe(200)
    connection.abort()
    await writing.catch(() => {})
  })

  test('lets a turn go by between pieces that are to stay apart, and none between reads that came', async () => {
    const [ours, theirs] = memoryPair()
    const sleeps: number[] = []
    const clock = { now: () => 0, sleep: async (milliseconds: number) => void sleeps.push(milliseconds) }
    const connection = withFaults(ours, 'split=2', { clock })
    for (const read of ['ab', 'cdef', 'g']) {
      await theirs.write(bytes(read))
      for (let size = 0; size < read.length; size += 2) await connection.read()
    }
    expect(sleeps).toEqual([0])
  })

  test('waits by the clock it is given', async () => {
    const [ours, theirs] = memoryPair()
    const { clock, moveTo, waiting } = handClock()
    const connection = withFaults(ours, 'delay=800ms', { clock })
    await theirs.write(bytes('x'))
    let has = ''
    const read = connection.read().then((got) => {
      has = text(got as Uint8Array)
    })
    await vi.waitFor(() => expect(waiting).toHaveLength(1), 50_000)
    moveTo(799)
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(has).toBe('')
    moveTo(800)
    await vi.waitFor(() => expect(has).toBe('x'), 50_000)
    await read
  })
})

test.each([
  ['spilt=1', 'there is no fault "spilt"; did you mean split?'],
  ['one-behnd', 'there is no fault "one-behnd"; did you mean one-behind?'],
  ['', 'there is no fault "", but split, delay'],
  ['xyzzyxyzzy', 'there is no fault "xyzzyxyzzy", but split, delay'],
  ['split', 'the fault split: expected a whole number from 1 on; it is written split=1'],
  ['split=0', 'expected a whole number from 1 on'],
  ['split=9..2', 'expected the smaller number first'],
  ['split=1@event:3', 'expected no place (@)'],
  ['delay=800', 'the fault delay: expected a time such as 800ms, 2s or 1m; it is written delay=800ms'],
  ['rate=20', 'expected a rate such as 500B/s, 20kB/s or 1MB/s'],
  ['cut=fin', 'the fault cut: expected a place, such as @event:3 or @byte:500; it is written cut=fin@event:3'],
  ['cut=bye@event:3', 'expected one of fin, rst'],
  ['cut=fin@event:0', 'expected a place such as @event:3 (events count from 1) or @byte:500'],
  ['cut=fin@last', 'expected a place such as @event:3'],
  ['corrupt=size@byte:3', 'expected a place, such as @event:3'],
  ['corrupt=crlf@event:3', 'expected one of size'],
  ['size=5@event:1', 'expected a difference such as +5 or -5'],
  ['bom=1', 'expected no value (=)'],
  ['drop=3@event:3', 'expected no value (=) with an event or a read'],
  ['strip-header=a b', 'expected the name of a field'],
  ['error=tired@event:1', 'expected one of overloaded, rate-limit'],
  ['split=1,,bom', 'there is no fault ""'],
  ['x'.repeat(501), 'faults have at most 500 characters'],
])('Faults that cannot be read say what would have been right: %s', (faults, message) => {
  const [connection] = memoryPair()
  expect(() => withFaults(connection, faults)).toThrow(TypeError)
  expect(() => withFaults(connection, faults)).toThrow(message)
})

test('A limit that lets nothing through is refused', () => {
  const [connection] = memoryPair()
  for (const maxHeld of [0, -1, Number.NaN])
    expect(() => withFaults(connection, 'bom', { maxHeld })).toThrow(RangeError)
})
