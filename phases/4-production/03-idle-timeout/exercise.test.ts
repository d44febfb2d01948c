import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { createClock, expect, type HandClock, mistake, realClock, within } from '@sse-from-scratch/course'
import { startChaosProxy } from '@sse-from-scratch/testkit'
import { test } from 'vitest'
import { withIdleTimeout } from '#ex/03-idle-timeout'

const endsQuietly = mistake<Heard>(
  'ends-quietly',
  'You end as if the source had said that it is done. Whoever reads you takes half a stream for a whole one, and does not come back: throw an error with the code IDLE.',
  (got) => got.at(-1) === 'end',
)
const totalDeadline = mistake<Heard>(
  'total-deadline',
  'Your timer runs for the whole stream. A stream may go on for hours, and it is alive as long as something comes: begin the time anew with each wait.',
  (got) => got.at(-1) === 'error IDLE',
)
const blamesReader = mistake<Heard>(
  'blames-reader',
  'The reader was busy for a while, and you say that the source was silent. It had an answer all the time, and nobody had asked. Let the time run only while you wait for the source.',
  (got) => got.includes('error IDLE'),
)
const waitsForTheSilent = mistake<Uint8Array>(
  'waits-for-the-silent',
  'You wait until the source has closed. It is silent: an async generator that waits for its next item hears return() only when that item has come. Call return(), and go on.',
  () => true,
)
const leavesSourceOpen = mistake<Left>(
  'leaves-source-open',
  'You have left, and the source does not know. It keeps its socket, its file, its place in a list. Call its return() in a finally.',
  ({ sourceWasTold }) => !sourceWasTold,
)
const sleepsOn = mistake<Left>(
  'sleeps-on',
  'There is an answer, and the sleep goes on. Each item leaves one behind, and each keeps the process from ending. Give the sleep a signal, and abort it.',
  ({ sleeping }) => sleeping.length > 0,
)
const neverIdle = mistake<Uint8Array>(
  'never-idle',
  'You wait for the source alone, and it will never answer. Let a sleep run beside it, and take whichever is first.',
  () => true,
)

const MS = 100

test('items go through in their order, and the end is the end', async () => {
  const { source, heard, over } = begin()
  for (const item of ['a', 'b', 'c']) source.push(item)
  source.end()
  await within(1000, over, 'the end')
  expect(heard).toMean(['a', 'b', 'c', 'end'])
})

test('a source that is silent for so long is an error', async () => {
  const { source, clock, heard, over } = begin()
  source.push('a')
  await clock.advance(MS - 1)
  expect(heard).toMean(['a'])
  await clock.advance(1)
  await within(1000, over, 'the error', undefined, [source.wasTold ? waitsForTheSilent : neverIdle])
  expect(heard).toMean(['a', 'error IDLE'], { mistakes: [endsQuietly] })
})

test('a source that has never said anything is an error, too', async () => {
  const { clock, heard, over } = begin()
  await clock.advance(MS)
  await within(1000, over, 'the error')
  expect(heard).toMean(['error IDLE'])
})

test('each item begins the time anew: a stream with a heartbeat is never idle', async () => {
  const { source, clock, heard, over } = begin()
  for (const item of ['a', ':', ':', ':', 'b']) {
    source.push(item)
    await clock.advance(0.6 * MS)
  }
  source.end()
  await within(1000, over, 'the end')
  expect(heard).toMean(['a', ':', ':', ':', 'b', 'end'], { mistakes: [totalDeadline] })
})

test('while the reader is busy no time goes by', async () => {
  const [source, clock] = [createSource(), createClock()]
  const items = withIdleTimeout(source, MS, clock)[Symbol.asyncIterator]()
  const heard: string[] = []
  const ask = async () => heard.push(await outcomeOf(items.next()))
  source.push('a')
  await within(1000, ask(), 'the first item')
  await clock.advance(3 * MS) // the reader writes to a slow disk
  source.push('b')
  await within(1000, ask(), 'the second item')
  expect(heard).toMean(['a', 'b'], { mistakes: [blamesReader] })
  await items.return?.()
})

test('the error of the source is passed on', async () => {
  const { source, heard, over } = begin()
  source.push('a')
  source.fail(new Error('ECONNRESET'))
  await within(1000, over, 'the error')
  expect(heard).toMean(['a', 'error ECONNRESET'])
})

test('a silent source is told to stop', async () => {
  const { source, clock, over } = begin()
  await clock.advance(MS)
  await within(1000, over, 'the error')
  expect(leftBehind(source, clock)).toMean(NOTHING, { mistakes: [leavesSourceOpen, sleepsOn] })
})

test('whoever leaves ends the source', async () => {
  const [source, clock] = [createSource(), createClock()]
  const items = withIdleTimeout(source, MS, clock)
  source.push('a')
  const leave = async () => {
    for await (const _ of items) break
  }
  await within(1000, leave(), 'the first item')
  expect(leftBehind(source, clock)).toMean(NOTHING, { mistakes: [leavesSourceOpen, sleepsOn] })
})

test('a cable that was pulled says nothing at all, and only your timer sees it', async () => {
  await using origin = await serve()
  await using cable = await startChaosProxy({ target: origin.port, toClient: { cutAfter: 150, cut: 'stall' } })
  const socket = connect(cable.port, '127.0.0.1')
  const said: string[] = []
  for (const word of ['end', 'error', 'close']) socket.once(word, () => said.push(word))
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const over = listen(withIdleTimeout(socket, 2 * MS, realClock), [])
  const got = { yours: await within(3000, over, 'the error'), 'the socket': said.join(', ') || 'nothing' }
  socket.destroy() // its iterator waits for bytes: it does not hear that it was told to stop
  expect(got).toMean({ yours: 'error IDLE', 'the socket': 'nothing' })
})

type Heard = readonly string[]

interface Left {
  readonly sourceWasTold: boolean
  readonly sleeping: readonly number[]
}

const NOTHING: Left = { sourceWasTold: true, sleeping: [] }

function leftBehind(source: Source, clock: HandClock): Left {
  return { sourceWasTold: source.wasTold, sleeping: clock.sleeping }
}

/** A source, somebody who reads it, and the clock it goes by. */
function begin() {
  const [source, clock] = [createSource(), createClock()]
  const heard: string[] = []
  const over = listen(withIdleTimeout(source, MS, clock), heard)
  return { source, clock, heard, over }
}

/** Resolves with the last thing that was heard. */
async function listen(items: AsyncIterable<unknown>, heard: string[]): Promise<string> {
  const iterator = items[Symbol.asyncIterator]()
  for (;;) {
    const outcome = await outcomeOf(iterator.next())
    heard.push(outcome)
    if (outcome === 'end' || outcome.startsWith('error')) return outcome
  }
}

async function outcomeOf(next: Promise<IteratorResult<unknown>>): Promise<string> {
  try {
    const { done, value } = await next
    return done ? 'end' : String(value)
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string }
    return `error ${code ?? message}`
  }
}

/** A source that a test drives. As an async generator does, it answers `return` only behind the item that was asked for. */
interface Source extends AsyncIterable<string> {
  push(item: string): void
  end(): void
  fail(error: Error): void
  /** Whether `return` was called. */
  readonly wasTold: boolean
}

function createSource(): Source {
  type Answer = Promise<IteratorResult<string>>
  const ready: (() => Answer)[] = []
  const asked: ((answer: Answer) => void)[] = []
  let wasTold = false
  const give = (answer: () => Answer) => {
    const ask = asked.shift()
    if (ask) ask(answer())
    else ready.push(answer)
  }
  return {
    push: (value) => give(async () => ({ done: false, value })),
    end: () => give(async () => ({ done: true, value: undefined })),
    fail: (error) => give(() => Promise.reject(error)),
    get wasTold() {
      return wasTold
    },
    [Symbol.asyncIterator]: () => ({
      next: () => ready.shift()?.() ?? new Promise((resolve) => asked.push(resolve)),
      return() {
        wasTold = true
        return asked.length > 0 ? new Promise(() => {}) : Promise.resolve({ done: true, value: undefined })
      },
    }),
  }
}

/** Sends the head, and an event now and then, for ever. */
async function serve(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    const timer = setInterval(() => response.write('data: still here\n\n'), 10)
    response.on('close', () => clearInterval(timer))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}
