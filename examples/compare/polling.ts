import { request } from '@sse-from-scratch/chunked'
import { createPool, type Pool } from '@sse-from-scratch/http-raw'
import { BROWSER_FIELDS, type Hearing, type Listen, type ListenOptions, pause, urlFor } from './listener.ts'

/** Polling: ask, wait, ask again. Between two questions it hears nothing. */
export const poll: Listen = (hearing, options) => askAgainAndAgain('/poll', options.pollInterval, hearing, options)

/** Long polling: ask, and the answer comes when there is one. Then ask again, at once. */
export const pollLong: Listen = (hearing, options) => askAgainAndAgain('/long', 0, hearing, options)

async function askAgainAndAgain(
  path: string,
  interval: number,
  hearing: Hearing,
  options: ListenOptions,
): Promise<void> {
  const { signal, retry } = options
  await using pool = createPool()
  let last = 0
  while (!signal.aborted) {
    try {
      const ticks = await ask(urlFor(path, options, last), pool, signal)
      hearing.open()
      for (const tick of ticks) {
        last = tick.id
        hearing.tick(JSON.stringify(tick))
      }
      await pause(interval, signal)
    } catch (error) {
      if (signal.aborted) return
      hearing.trouble(error instanceof Error ? error.message : String(error))
      await pause(retry, signal)
    }
  }
}

async function ask(url: string, pool: Pool, signal: AbortSignal): Promise<readonly { readonly id: number }[]> {
  const response = await request(url, { pool, fields: { Accept: 'application/json', ...BROWSER_FIELDS }, signal })
  const body = await response.body.text()
  if (response.status !== 200) throw new Error(`status ${response.status}`)
  return JSON.parse(body)
}
