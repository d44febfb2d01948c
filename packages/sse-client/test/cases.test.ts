import { readFile } from 'node:fs/promises'
import {
  type EventSourceInit,
  fetchTransport,
  EventSource as OurEventSource,
  rawTransport,
  type Transport,
} from '@sse-from-scratch/sse-client'
import { describeWith, startChromium } from '@sse-from-scratch/testkit'
import { EventSource as UndiciEventSource } from 'undici'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Case, type Performance, startStage, watch } from './cases.ts'
import { CONNECTION_CASES } from './connection-cases.ts'
import { OUTVOTED, type Outvoted } from './outvoted.ts'
import { READING_CASES } from './reading-cases.ts'

const ALL: readonly Case[] = [...READING_CASES, ...CONNECTION_CASES]

interface Result {
  readonly seen: readonly string[]
  readonly asked: readonly string[]
  readonly times?: readonly number[] | undefined
}

type Watch = (theCase: Case, performance: Performance) => Promise<Pick<Result, 'seen' | 'times'>>

/** Plays cases to one client, a few at a time. */
async function playAll(cases: readonly Case[], atOnce: number, watchOne: Watch): Promise<Map<Case, Result>> {
  const results = new Map<Case, Result>()
  const waiting = [...cases]
  await using stage = await startStage()
  async function playSome(): Promise<void> {
    for (let theCase = waiting.shift(); theCase !== undefined; theCase = waiting.shift()) {
      const performance = stage.play(theCase)
      results.set(theCase, { ...(await watchOne(theCase, performance)), asked: performance.asked })
      for (const head of performance.heads) assertHead(head)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, playSome))
  return results
}

/** Reading 11. */
function assertHead(head: string): void {
  expect(head).toMatch(/\r\naccept: text\/event-stream\r\n/i)
  expect(head).toMatch(/\r\ncache-control: no-cache\r\n/i)
}

function oursOver(transport: Transport): Watch {
  return async (theCase, { url, control, report }) => {
    const times: number[] = []
    const reconnect = ({ reconnectionTime }: { readonly reconnectionTime: number }) => {
      times.push(reconnectionTime)
      return 0
    }
    const init: EventSourceInit = { transport, ...(theCase.times && { reconnect }) }
    const Ours = OurEventSource as unknown as typeof EventSource
    return { seen: await watch(Ours, url, { ...theCase, control, report }, init), times: theCase.times && times }
  }
}

const expected = ({ seen, asked, times }: Case): Result => ({ seen, asked, times })
const isOutvoted = (judge: Outvoted['judge'], { name }: Case) =>
  OUTVOTED.some((row) => row.judge === judge && row.cases.test(name))
const named = (cases: readonly Case[]) => cases.map((theCase): [string, Case] => [theCase.name, theCase])

describe.each([
  ['raw', rawTransport()],
  ['fetch', fetchTransport()],
] as const)('our EventSource over the %s transport', (name, transport) => {
  let results = new Map<Case, Result>()
  beforeAll(async () => {
    results = await playAll(ALL, 16, oursOver(transport))
  }, 300_000) // for a machine that does much else; 3 s alone
  const cases = ALL.filter((theCase) => name === 'raw' || !isOutvoted('fetch', theCase))

  test.each(named(cases))('%s', (_name, theCase) => {
    expect(results.get(theCase)).toEqual(expected(theCase))
  })
})

// Nobody else says how long they would wait, and to wait as long is not for a test.
const JUDGED = ALL.filter(({ times }) => times === undefined)

function findDisputes(judge: Outvoted['judge'], results: Map<Case, Result>): object[] {
  return JUDGED.filter((theCase) => !isOutvoted(judge, theCase)).flatMap((theCase) => {
    const [theirs, ours] = [results.get(theCase), expected(theCase)]
    return JSON.stringify(theirs) === JSON.stringify(ours) ? [] : [{ name: theCase.name, theirs, ours }]
  })
}

test('undici sees every case as we do, but those that docs/judges.md lists', async () => {
  const Class = UndiciEventSource as unknown as typeof EventSource
  const watchOne: Watch = async (theCase, { url, control, report }) => ({
    seen: await watch(Class, url, { ...theCase, control, report }),
  })
  expect(findDisputes('undici', await playAll(JUDGED, 16, watchOne))).toEqual([])
}, 300_000)

describeWith(['chromium'], 'Chromium', () => {
  test('sees every case as we do, but those that docs/judges.md lists', async () => {
    await using browser = await startChromium()
    const page = await browser.newPage()
    const watchOne: Watch = async ({ types, closeAt }, { url, control, report }) => {
      const watching = JSON.stringify({ types, closeAt, control, report })
      return { seen: await page.evaluate(`(${watch})(EventSource, ${JSON.stringify(url)}, ${watching})`) }
    }
    const aThird = (part: number) => JUDGED.filter((_, at) => at % 3 === part) // a browser opens six connections to one server
    const results = await Promise.all([0, 1, 2].map((part) => playAll(aThird(part), 5, watchOne)))
    expect(findDisputes('chromium', new Map(results.flatMap((some) => [...some])))).toEqual([])
  }, 300_000)
})

test('docs/judges.md has what each judge does in other ways, and every way is one of some case', async () => {
  const judges = await readFile(new URL('../../../docs/judges.md', import.meta.url), 'utf8')
  for (const { does, cases } of OUTVOTED) {
    expect(judges).toContain(does)
    expect(cases, 'the name of a case').toSatisfy((pattern: RegExp) => ALL.some(({ name }) => pattern.test(name)))
  }
})
