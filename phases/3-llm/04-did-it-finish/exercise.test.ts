import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, type Mistake, mistake, Todo, within } from '@sse-from-scratch/course'
import { test } from 'vitest'
import { untilSentinel } from '#ex/04-did-it-finish'
import type { Delta } from './contract.ts'

/** The kinds of the deltas that came, and then the code of what was thrown. */
type Heard = readonly unknown[]

function heard(id: string, why: string, when: (got: Heard) => boolean = () => true): Mistake<Heard> {
  return mistake<Heard>(id, why, when)
}

const endIsSuccess = heard(
  'end-is-success',
  'The source ended, and you did, too. Nobody has said that this was all: a server that dies, a proxy that loses patience and a full disk end a stream just so.',
  (got) => got.at(-1) !== 'Truncated',
)
const noCode = heard(
  'no-code',
  'You threw an Error, and it has no `code`. Messages are for people, and change; whoever asks whether to try again looks at `error.code`.',
  (got) => /^\w*Error\b/.test(String(got.at(-1))),
)
const stopIsEnough = heard(
  'stop-is-enough',
  'A stop says why the model stopped. The usage was still to come, and the end: only the end says that nothing is missing.',
  (got) => got.at(-1) === 'stop',
)
const silenceIsFine = heard(
  'silence-is-fine',
  'Nothing came at all, and you called it whole. An empty answer is a stop and an end; nothing is the most truncated stream of all.',
)
const collectsFirst = heard(
  'collects-first',
  'You wait for the end before you hand out the first delta. What has come is good, also when the rest will not come: hand it out at once.',
)
const waitsForClose = heard(
  'waits-for-close',
  'The end has come, and you read on. The connection may stay open for a minute, or for ever: the answer is whole now.',
)
const hidesTheCause = heard(
  'hides-the-cause',
  'The source has said what went wrong, and you said something else. Whoever asks whether to try again needs the first error, not yours.',
  (got) => got.includes('Truncated'),
)
const swallowsErrors = heard(
  'swallows-errors',
  'The source threw, and your loop ended as if all were well. A catch that does nothing makes a success of every failure.',
  (got) => got.length === 1,
)
const lengthIsCut = heard(
  'length-is-cut',
  'The model ran into its limit, and the server said so: the stream is whole, the answer is short. That is a stop with a reason, and no truncation.',
  (got) => got.includes('Truncated'),
)
const leavesTheSource = heard(
  'leaves-the-source',
  'Your caller left the loop, and you did not leave yours: the source was never told. The connection below it stays open, and the model goes on.',
)

const HI: Delta = { kind: 'text', text: 'Hi' }
const STOP: Delta = { kind: 'stop', reason: 'stop' }
const USAGE: Delta = { kind: 'usage', input: 9, output: 1 }
const END: Delta = { kind: 'end' }

test('a whole answer goes through as it is', async () => {
  await expectHeard([HI, HI, STOP, USAGE, END], ['text', 'text', 'stop', 'usage', 'end'], [])
})

test('an answer that just ends is Truncated, and all of it comes first', async () => {
  await expectHeard([HI, HI], ['text', 'text', 'Truncated'], [noCode, endIsSuccess, collectsFirst])
})

test('a stop is not the end', async () => {
  await expectHeard([HI, STOP], ['text', 'stop', 'Truncated'], [stopIsEnough, endIsSuccess])
  await expectHeard([HI, STOP, USAGE], ['text', 'stop', 'usage', 'Truncated'], [endIsSuccess])
})

test('nothing at all is Truncated', async () => {
  await expectHeard([], ['Truncated'], [silenceIsFine])
})

test('an answer that ran into a limit is whole', async () => {
  const length: Delta = { kind: 'stop', reason: 'length' }
  await expectHeard([HI, length, END], ['text', 'stop', 'end'], [lengthIsCut])
})

test('what the source throws comes out as it is', async () => {
  for (const code of ['ECONNRESET', 'Provider']) {
    async function* deltas(): AsyncGenerator<Delta> {
      yield HI
      throw Object.assign(new Error('it broke'), { code })
    }
    const got = await within(1000, kindsOf(deltas()), 'the loop to end')
    expect(got).toMean(['text', code], { mistakes: [hidesTheCause, swallowsErrors] })
  }
})

test('each delta comes out at once', async () => {
  const source = openSource(HI)
  const first = untilSentinel(source.deltas)[Symbol.asyncIterator]().next()
  const { value } = await within(1000, first, 'the first delta, which has come', undefined, [blind(collectsFirst)])
  expect(value).toMean<unknown>(HI)
})

test('who leaves the loop leaves the source', async () => {
  const source = openSource(HI, HI)
  for await (const _ of untilSentinel(source.deltas)) break
  await within(1000, source.left, 'the source to be left', undefined, [blind(leavesTheSource)])
})

test('nothing is read after the end', async () => {
  const source = openSource(HI, END)
  const all = within(1000, kindsOf(source.deltas), 'the loop to end', undefined, [blind(waitsForClose)])
  expect(await all).toMean<Heard>(['text', 'end'])
  await within(1000, source.left, 'the source to be left')
})

test('a server that says goodbye in good order proves nothing', async () => {
  // The head is fine, the chunks are fine, and the last chunk comes: HTTP calls this a whole answer. Only the words are missing.
  const endings = { whole: ['text', 'text', 'end'], short: ['text', 'text', 'Truncated'] }
  for (const [name, expected] of Object.entries(endings)) {
    await using server = await serving([HI, HI, ...(name === 'whole' ? [END] : [])])
    const got = await within(2000, kindsOf(linesOf(server.url)), 'the answer to end')
    expect(got).toMean<Heard>(expected, { given: name, mistakes: [endIsSuccess] })
  }
})

async function expectHeard(given: readonly Delta[], expected: Heard, mistakes: readonly Mistake<Heard>[]) {
  const got = await within(1000, kindsOf(from(given)), 'the loop to end')
  expect(got).toMean(expected, { given, mistakes })
}

async function* from(deltas: readonly Delta[]): AsyncGenerator<Delta> {
  yield* deltas
}

/** Gives these deltas, and then stays open. */
function openSource(...deltas: readonly Delta[]) {
  let leave = () => {}
  const left = new Promise<void>((resolve) => {
    leave = resolve
  })
  let at = 0
  const iterator: AsyncIterator<Delta> = {
    next: async () => {
      const value = deltas[at++]
      return value === undefined ? await new Promise<never>(() => {}) : { value, done: false }
    },
    return: async () => {
      leave()
      return { value: undefined, done: true }
    },
  }
  return { left, deltas: { [Symbol.asyncIterator]: () => iterator } }
}

async function kindsOf(deltas: AsyncIterable<Delta>): Promise<Heard> {
  const got: unknown[] = []
  try {
    for await (const { kind } of untilSentinel(deltas)) got.push(kind)
  } catch (error) {
    if (error instanceof Todo) throw error
    got.push((error as { code?: unknown }).code ?? String(error))
  }
  return got
}

/** A mistake for `within`, which has no bytes to show it. */
function blind({ id, why }: Mistake<Heard>): Mistake {
  return mistake(id, why, () => true)
}

/** A server that sends each delta as a line of JSON, in chunks, and then ends as HTTP says. */
async function serving(deltas: readonly Delta[]): Promise<AsyncDisposable & { readonly url: string }> {
  const server: Server = createServer((_, response) => {
    response.setHeader('Connection', 'close')
    for (const delta of deltas) response.write(`${JSON.stringify(delta)}\n`)
    response.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

async function* linesOf(url: string): AsyncGenerator<Delta> {
  const lines = (await (await fetch(url)).text()).trimEnd().split('\n')
  for (const line of lines) yield JSON.parse(line)
}
