import { expect, mistake, within } from '@sse-from-scratch/course'
import { anthropic, type Provider as Dialect, openai, streamChat } from '@sse-from-scratch/llm-stream'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { test } from 'vitest'
import { race } from '#ex/05-side-by-side'
import type { Delta, Lap, Provider, RaceOptions } from './contract.ts'

const msSinceLast = mistake<readonly (number | string)[]>(
  'ms-since-last',
  'You measured from delta to delta. `ms` counts from the question, so that all laps of all providers are on one scale.',
  ([, , third]) => third === 10,
)
const startsLate = mistake<readonly (number | string)[]>(
  'starts-late',
  'Your clock starts with the first delta. The time before it is what people wait for most: the time to first token. Look at the clock when you ask.',
  ([first]) => first === 0,
)
const anotherClock = mistake<readonly (number | string)[]>(
  'another-clock',
  'You looked at a clock of your own. The test turns the clock that it gives you: ask `now()` of the options, whose default is `performance.now`.',
  (got) => got.includes(ELSEWHERE),
)
const oneAfterTheOther = mistake<readonly number[]>(
  'one-after-the-other',
  'You ask the second provider when the first one has ended. A race begins for all at once: `ask` everybody before you wait for anybody.',
  ([first, second]) => first === 1 && second === 0,
)
const waitsForAll = mistake<readonly string[]>(
  'waits-for-all',
  'You wait until each provider has something, as `Promise.all` does. Then all are as slow as the slowest. Hand on what comes: `Promise.race`.',
  (got) => got.length === 0,
)
const dropsTheSlower = mistake<readonly string[]>(
  'drops-the-slower',
  'A `next()` that loses the race is not over: its delta still comes. You forgot that promise and called `next()` again, so the delta was for nobody. Keep it for the next round.',
  (got) => got.length < 4,
)
const firstEndEndsAll = mistake<readonly string[]>(
  'first-end-ends-all',
  'The first provider that ended has ended your race. The others still talk: end when all have.',
  (got) => !got.includes('b: three'),
)
const oneFailsAllFail = mistake<Ending>(
  'one-fails-all-fail',
  'One provider failed, and you threw away the answers of the others. Remember the error, go on, and throw it behind the last delta.',
  ({ laps }) => !laps.includes('b: on'),
)
const swallowsTheError = mistake<Ending>(
  'swallows-the-error',
  'A provider failed, and your race ended as if all were well. Half an answer must not look like a whole one: throw the error at the end.',
  ({ error }) => error === 'none',
)
const favoursTheFirst = mistake<readonly string[]>(
  'favours-the-first',
  '`Promise.race` takes the first in the list of those that are ready. A provider that always has something ready hides the others: put who was just served at the end of the list.',
  (got) => got.slice(0, 3).every((lap) => lap.startsWith('a')),
)
const readsAhead = mistake<{ readonly taken: number | string }>(
  'reads-ahead',
  'You read on while your reader does not. What nobody reads piles up in memory, and the providers never slow down. Ask for the next delta when the last one has been handed on.',
  ({ taken }) => taken !== 'a few',
)
const leavesTheOthersRunning = mistake<{ readonly signal: string }>(
  'leaves-the-others-running',
  'Your reader has left, and the providers go on talking: you pay for each token. A `finally` around the loop runs also when it is left; abort the signal there.',
  ({ signal }) => signal === 'not aborted',
)

test("each delta comes with its provider's name, and with the milliseconds since the question", async () => {
  const clock = { ms: 1000 }
  const a = lane('a')
  const seen = watch([a], { now: () => clock.ms })
  await settle()
  for (const [ms, word] of [
    [1150, 'The'],
    [1160, ' sea'],
    [1170, '.'],
  ] as const) {
    clock.ms = ms
    a.say(word)
    await settle()
  }
  expect(seen.laps).toMean(['a: The', 'a:  sea', 'a: .'])
  const times: readonly (number | string)[] = seen.times.map((ms) => (Number.isInteger(ms) ? ms : ELSEWHERE))
  expect(times).toMean([150, 160, 170], { mistakes: [msSinceLast, startsLate, anotherClock] })
  a.end()
  await seen.over()
})

test('all are asked the same, at once', async () => {
  const [a, b] = [lane('a'), lane('b')]
  const seen = watch([a, b])
  await settle()
  expect([a.asked.length, b.asked.length]).toMean([1, 1], { mistakes: [oneAfterTheOther] })
  expect([...a.asked, ...b.asked]).toMean(['What is the sea?', 'What is the sea?'])
  a.end()
  b.end()
  await seen.over()
})

test('a delta is handed on as soon as it comes, whoever it is from', async () => {
  const [a, b] = [lane('a'), lane('b')]
  const seen = watch([a, b])
  await settle()
  b.say('one')
  await settle()
  expect(seen.laps).toMean(['b: one'], { mistakes: [waitsForAll] })
  a.end()
  b.end()
  await seen.over()
})

test('each delta comes, and comes once', async () => {
  const [a, b] = [lane('a'), lane('b')]
  const seen = watch([a, b])
  await settle()
  for (const [who, word] of [
    [b, 'one'],
    [b, 'two'],
    [a, 'one'],
    [b, 'three'],
  ] as const) {
    who.say(word)
    await settle()
  }
  expect(seen.laps).toMean(['b: one', 'b: two', 'a: one', 'b: three'], { mistakes: [dropsTheSlower] })
  a.end()
  b.end()
  await seen.over()
})

test('who ends first does not end the race', async () => {
  const [a, b] = [lane('a'), lane('b')]
  const seen = watch([a, b])
  await settle()
  a.end()
  await settle()
  b.say('three')
  await settle()
  expect(seen.laps).toMean(['b: three'], { mistakes: [firstEndEndsAll] })
  b.end()
  await seen.over()
})

test('who fails does not end the race either: the others go on, and then it throws', async () => {
  const [a, b] = [lane('a'), lane('b')]
  const seen = watch([a, b])
  await settle()
  a.fail(new Error('a is overloaded'))
  await settle()
  b.say('on')
  b.end()
  await settle()
  const got = { laps: [...seen.laps], error: seen.error }
  expect(got).toMean({ laps: ['b: on'], error: 'a is overloaded' }, { mistakes: [oneFailsAllFail, swallowsTheError] })
})

test('who has been served waits behind the others', async () => {
  const [a, b] = [lane('a'), lane('b')]
  for (const who of [a, b]) {
    who.say('one', 'two', 'three')
    who.end()
  }
  const seen = watch([a, b], {}, settle) // a slow reader: when it looks again, all have something ready
  await seen.over()
  const turns = ['a: one', 'b: one', 'a: two', 'b: two', 'a: three', 'b: three']
  expect(seen.laps).toMean(turns, { mistakes: [favoursTheFirst] })
})

test('a reader that waits makes the providers wait', async () => {
  const a = lane('a')
  a.say(...'abcdefghijklmnopqrstuvwxyz')
  const laps = race('What is the sea?', [a])[Symbol.asyncIterator]()
  await within(2000, laps.next(), 'the first delta')
  await settle()
  await settle()
  const got: { taken: number | string } = { taken: a.taken <= 5 ? 'a few' : a.taken }
  expect(got).toMean({ taken: 'a few' }, { given: 'a reader that took 1 of 26 deltas', mistakes: [readsAhead] })
  await within(2000, Promise.resolve(laps.return?.()), 'the race to be left')
})

test('who leaves hangs up on all, also on those who are silent', async () => {
  const [a, b] = [lane('a'), lane('b')]
  a.say('one')
  for await (const _ of race('What is the sea?', [a, b])) break
  const got = { signal: a.aborted() && b.aborted() ? 'aborted' : 'not aborted' }
  expect(got).toMean({ signal: 'aborted' }, { mistakes: [leavesTheOthersRunning] })
})

test('two real wires: the same words, in one type', async () => {
  const words = new Map<string, string>()
  const rest = new Map<string, string[]>()
  race('', []) // not begun? Then there is nobody to ask
  await using simulator = await startSimulator({ tokensPerSecond: 0, words: { min: 8, max: 8 } })
  const { url: baseUrl } = simulator
  for await (const { provider, delta } of race('What is the sea?', [
    real(openai({ baseUrl })),
    real(anthropic({ baseUrl })),
  ])) {
    if (delta.kind === 'text') words.set(provider, (words.get(provider) ?? '') + delta.text)
    else rest.set(provider, [...(rest.get(provider) ?? []), delta.kind])
  }
  const [one, other] = [...words.values()]
  expect({ answers: words.size, same: one === other }).toMean({ answers: 2, same: true })
  expect(rest.get('openai')?.at(-1)).toMean('end')
  expect(rest.get('anthropic')?.at(-1)).toMean('end')
})

/** The clock of the test stands at whole milliseconds. */
const ELSEWHERE = 'a time of another clock'

interface Ending {
  readonly laps: readonly string[]
  readonly error: string
}

/** A provider that says what the test tells it to. */
function lane(name: string) {
  const ready: Delta[] = []
  const asked: string[] = []
  let wake = () => {}
  let over: { readonly error?: Error } | undefined
  let signal: AbortSignal | undefined
  const provider = {
    name,
    asked,
    taken: 0,
    aborted: () => signal?.aborted === true,
    say(...texts: string[]) {
      ready.push(...texts.map((text): Delta => ({ kind: 'text', text })))
      wake()
    },
    end() {
      over ??= {}
      wake()
    },
    fail(error: Error) {
      over ??= { error }
      wake()
    },
    ask(prompt: string, given: AbortSignal): AsyncIterable<Delta> {
      asked.push(prompt)
      signal = given
      return answer(given)
    },
  }
  async function* answer(given: AbortSignal): AsyncGenerator<Delta> {
    given.addEventListener('abort', () => provider.fail(new Error('aborted')))
    for (;;) {
      const delta = ready.shift()
      if (delta !== undefined) {
        provider.taken++
        yield delta
      } else if (over?.error) throw over.error
      else if (over) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  }
  return provider
}

/** Reads a race in the background, so that the test can look at what has come so far. */
function watch(providers: readonly Provider[], options: RaceOptions = {}, pause = async () => {}) {
  const seen = {
    laps: [] as string[],
    times: [] as number[],
    error: 'none',
    over: () => within(2000, reading, 'the race to end'),
  }
  const laps = race('What is the sea?', providers, options)
  const read = async () => {
    for await (const lap of laps) {
      seen.laps.push(shown(lap))
      seen.times.push(lap.ms)
      await pause()
    }
  }
  const reading = read().catch((error) => {
    seen.error = error instanceof Error ? error.message : `${error}`
  })
  return seen
}

function shown({ provider, delta }: Lap): string {
  return `${provider}: ${delta.kind === 'text' ? delta.text : delta.kind}`
}

/** Lets everything happen that waits for nothing but its turn. */
async function settle(): Promise<void> {
  for (let round = 0; round < 3; round++) await new Promise((resolve) => setImmediate(resolve))
}

/** A service of the package, with its events as deltas. */
function real(dialect: Dialect): Provider {
  return {
    name: dialect.name,
    async *ask(prompt, signal) {
      const chat = { model: 'simulator', messages: [{ role: 'user', content: prompt }] } as const
      for await (const event of streamChat(dialect, chat, { signal })) {
        if (event.kind === 'text') yield { kind: 'text', text: event.text }
        if (event.kind === 'usage')
          yield { kind: 'usage', input: event.usage.inputTokens, output: event.usage.outputTokens }
      }
      yield { kind: 'end' }
    },
  }
}
