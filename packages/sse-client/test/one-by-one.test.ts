import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { oneByOne } from '../src/one-by-one.ts'

type Batches<T> = AsyncGenerator<readonly T[], void>

const uninterrupted = { signal: undefined, interrupt: () => {} }
const DONE = { done: true, value: undefined }
const value = (value: number) => ({ done: false, value })

async function* batchesOf(...batches: readonly (readonly number[] | Error)[]): Batches<number> {
  for (const batch of batches) {
    if (batch instanceof Error) throw batch
    yield batch
  }
}

async function* byTheLanguage<T>(batches: Batches<T>): AsyncGenerator<T, void> {
  for await (const batch of batches) for (const item of batch) yield item
}

/** Batches that wait until they are told to stop waiting, as a read does that is interrupted. */
function waiting(first: readonly number[]) {
  const log: string[] = []
  let interrupt: () => void = () => {}
  const interrupted = new Promise<never>((_resolve, reject) => {
    interrupt = () => reject(new Error('interrupted'))
  })
  async function* batches(): Batches<number> {
    try {
      yield first
      log.push('waits')
      await interrupted
    } finally {
      log.push('let go')
    }
  }
  return { log, events: oneByOne(batches(), { signal: undefined, interrupt: () => interrupt() }) }
}

describe('is answered as an async generator answers', () => {
  const calls = fc.array(fc.constantFrom('next', 'return', 'throw'), { maxLength: 8 })
  const batches = fc.array(fc.array(fc.nat(9), { maxLength: 3 }), { maxLength: 4 })
  const failure = new Error('of the source')

  async function answers(events: AsyncGenerator<number, void>, asked: readonly string[]): Promise<unknown[]> {
    const seen: unknown[] = []
    for (const call of asked) {
      const answer =
        call === 'next' ? events.next() : call === 'return' ? events.return() : events.throw(new Error('of the caller'))
      seen.push(await answer.catch(String))
    }
    return seen
  }

  test('one call after the other', async () => {
    await fc.assert(
      fc.asyncProperty(batches, fc.boolean(), calls, async (some, fails, asked) => {
        const source = () => batchesOf(...some, ...(fails ? [failure] : []))
        const ours = await answers(oneByOne(source(), uninterrupted), asked)
        expect(ours).toEqual(await answers(byTheLanguage(source()), asked))
      }),
    )
  })

  test('many calls at once', async () => {
    await fc.assert(
      fc.asyncProperty(batches, fc.boolean(), fc.nat(12), async (some, fails, count) => {
        const source = () => batchesOf(...some, ...(fails ? [failure] : []))
        const all = async (events: AsyncGenerator<number, void>) => {
          const order: number[] = []
          const answered = Array.from({ length: count }, (_, nth) =>
            events
              .next()
              .catch(String)
              .finally(() => order.push(nth)),
          )
          return { answers: await Promise.all(answered), order }
        }
        const ours = await all(oneByOne(source(), uninterrupted))
        expect(ours).toEqual(await all(byTheLanguage(source())))
      }),
    )
  })
})

test('a call that is made as soon as another is answered does not overtake those that wait', async () => {
  const events = oneByOne(batchesOf([1, 2, 3]), uninterrupted)
  const first = events.next()
  const second = events.next()
  const third = first.then(() => events.next())
  expect(await Promise.all([first, second, third])).toEqual([value(1), value(2), value(3)])
})

describe('leaving while a batch is waited for', () => {
  test.each(['return', 'throw', Symbol.asyncDispose] as const)(
    '%s ends the wait, and the call that waits',
    async (way) => {
      const { log, events } = waiting([1])
      expect(await events.next()).toEqual(value(1))
      const waits = [events.next(), events.next()]
      await null
      const left = way === 'throw' ? events.throw(new Error('enough')) : events[way]()
      expect(await Promise.all(waits)).toEqual([DONE, DONE])
      await (way === 'throw' ? expect(left).rejects.toThrow('enough') : left)
      expect(log).toEqual(['waits', 'let go'])
      expect(await events.next()).toEqual(DONE)
    },
  )

  test('nothing that arrives in the meantime is handed on', async () => {
    let arrive: (batch: readonly number[]) => void = () => {}
    async function* batches(): Batches<number> {
      yield await new Promise<readonly number[]>((resolve) => {
        arrive = resolve
      })
    }
    const events = oneByOne(batches(), uninterrupted)
    const waits = events.next()
    await null
    const left = events.return()
    arrive([1, 2])
    expect(await Promise.all([waits, left, events.next()])).toEqual([DONE, DONE, DONE])
  })

  test('the end of the scope of `await using` ends the wait', async () => {
    const { log, events } = waiting([1])
    let waits: Promise<unknown>
    {
      await using scoped = events
      await scoped.next()
      waits = scoped.next()
    }
    expect(await waits).toEqual(DONE)
    expect(log).toEqual(['waits', 'let go'])
  })
})

describe('once the signal has aborted', () => {
  test('what was there is let go and not handed on, the reason is thrown, and after that there is nothing', async () => {
    const controller = new AbortController()
    let ended = false
    async function* batches(): Batches<number> {
      try {
        yield [1, 2]
      } finally {
        ended = true
      }
    }
    const events = oneByOne(batches(), { signal: controller.signal, interrupt: () => {} })
    expect(await events.next()).toEqual(value(1))
    controller.abort('no')
    await expect(events.next()).rejects.toBe('no')
    expect(ended).toBe(true)
    expect(await events.next()).toEqual(DONE)
  })
})
