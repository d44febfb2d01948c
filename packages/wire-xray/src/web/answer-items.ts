import type { Respond } from '@sse-from-scratch/http-raw'
import type { Item } from '../proxy/item.ts'
import { createBreath } from './breath.ts'
import { pageItemOf } from './page-item.ts'

/** Items in one line: some 30 kB. */
const TOGETHER = 200

const FIELDS = {
  'Content-Type': 'application/x-ndjson',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
}

/**
 * Answers with items from a place on, as NDJSON with some in each line, as fast as they are read. A page can show the first
 * of them while the last are on their way; and what else this process has to do waits for a line, and not for all.
 */
export async function answerItems(respond: Respond, items: readonly Item[], from: number): Promise<void> {
  const breath = createBreath()
  const until = items.length // what comes meanwhile, all pages are told of
  const body = await respond(200, FIELDS)
  for (let at = from; at < until; at += TOGETHER) {
    const part = items.slice(at, Math.min(at + TOGETHER, until)).map(pageItemOf)
    await body.write(lineOf({ from: at, items: part }))
    await breath()
  }
  await body.end()
}

function lineOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value)}\n`)
}
