import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, mistake, within } from '@sse-from-scratch/course'
import { test } from 'vitest'
import { afterResponse } from '#ex/07-how-to-stop'

type After = 'open' | 'retry' | 'stop'

/** A question as it stands in the failure: `204 -`, `200 text/html`. */
type Answers = Readonly<Record<string, After>>

const exactType = mistake<Answers>(
  'exact-type',
  'A Content-Type may have parameters behind a semicolon: `text/event-stream;charset=utf-8` is an event stream. Compare what stands before it (RFC 9110 §8.3.1).',
  (got) => got['200 text/event-stream'] === 'open' && got['200 text/event-stream;charset=utf-8'] === 'stop',
)
const caseMatters = mistake<Answers>(
  'case-matters',
  'The names of media types are the same in upper and lower case (RFC 9110 §8.3.1).',
  (got) => got['200 Text/Event-Stream'] === 'stop',
)
const ignoresType = mistake<Answers>(
  'ignores-type',
  'Status 200 alone is no event stream: a login page has it too. The type must be text/event-stream (HTML §9.2.3).',
  (got) => got['200 text/html'] === 'open',
)
const typeWithin = mistake<Answers>(
  'type-within',
  'The type must BE text/event-stream. You look whether it is somewhere in the field: other types can have that in their names and parameters.',
  (got) => got['200 text/event-stream-archive'] === 'open',
)
const retries204 = mistake<Answers>(
  'retries-204',
  '204 is how a server says "do not come back". Whoever comes back all the same asks it for ever (HTML §9.2).',
  (got) => got['204 -'] === 'retry',
)
const any2xx = mistake<Answers>(
  'any-2xx-is-open',
  'Only 200 opens a stream, not each status that begins with 2: 204 has no body at all, 206 is a part of one (HTML §9.2.3).',
  (got) => Object.values(got).includes('open'),
)
const retriesErrors = mistake<Answers>(
  'retries-errors',
  'An answer is an answer: the standard ends an EventSource at any status but 200, also at 500 and 503 (HTML §9.2.3). Only silence is tried again.',
  (got) => got['500 text/html'] === 'retry' || got['503 -'] === 'retry',
)
const retriesRedirects = mistake<Answers>(
  'retries-redirects',
  'Redirects have been followed before you are asked. A 3xx that comes as far as here named no place to go: it is a status like any other (Fetch §4.4).',
  (got) => Object.values(got).includes('retry'),
)
const givesUp = mistake<Answers>(
  'gives-up',
  'There was no answer: the network is away, or the server is being updated. That passes, and coming back is what an EventSource is for (HTML §9.2.3).',
  (got) => got['0 -'] === 'stop',
)

/** Asks about each, and keeps the answers by their questions. */
async function ask(...questions: readonly (readonly [number, string?])[]): Promise<Answers> {
  const answers: Record<string, After> = {}
  for (const [status, type] of questions) answers[`${status} ${type ?? '-'}`] = await afterResponse(status, type)
  return answers
}

test('200 and text/event-stream open the stream, also with parameters', async () => {
  const got = await ask(
    [200, 'text/event-stream'],
    [200, 'text/event-stream;charset=utf-8'],
    [200, 'text/event-stream ; a=b'],
  )
  expect(got).toMean(
    {
      '200 text/event-stream': 'open',
      '200 text/event-stream;charset=utf-8': 'open',
      '200 text/event-stream ; a=b': 'open',
    },
    { mistakes: [exactType] },
  )
})

test('upper case and lower case are the same type', async () => {
  const got = await ask([200, 'Text/Event-Stream'], [200, 'TEXT/EVENT-STREAM; charset=UTF-8'])
  expect(got).toMean(
    { '200 Text/Event-Stream': 'open', '200 TEXT/EVENT-STREAM; charset=UTF-8': 'open' },
    { mistakes: [caseMatters] },
  )
})

test('200 with another type, or with none, stops', async () => {
  const got = await ask([200, 'text/html'], [200, 'application/json'], [200])
  expect(got).toMean(
    { '200 text/html': 'stop', '200 application/json': 'stop', '200 -': 'stop' },
    { mistakes: [ignoresType] },
  )
})

test('a type that only looks like it stops', async () => {
  const got = await ask([200, 'text/event-stream-archive'], [200, 'text/plain; was=text/event-stream'])
  expect(got).toMean(
    { '200 text/event-stream-archive': 'stop', '200 text/plain; was=text/event-stream': 'stop' },
    { mistakes: [typeWithin] },
  )
})

test('204 stops', async () => {
  expect(await ask([204])).toMean({ '204 -': 'stop' }, { mistakes: [retries204, any2xx] })
})

test('any other status of success stops, even with the right type', async () => {
  const got = await ask([201, 'text/event-stream'], [206, 'text/event-stream'])
  expect(got).toMean({ '201 text/event-stream': 'stop', '206 text/event-stream': 'stop' }, { mistakes: [any2xx] })
})

test('errors stop: what was answered will not change by asking again', async () => {
  const got = await ask([404, 'text/html'], [401], [500, 'text/html'], [503])
  expect(got).toMean(
    { '404 text/html': 'stop', '401 -': 'stop', '500 text/html': 'stop', '503 -': 'stop' },
    { mistakes: [retriesErrors] },
  )
})

test('a redirect that leads nowhere stops', async () => {
  expect(await ask([301], [307])).toMean({ '301 -': 'stop', '307 -': 'stop' }, { mistakes: [retriesRedirects] })
})

test('no answer at all: try again', async () => {
  expect(await ask([0])).toMean({ '0 -': 'retry' }, { mistakes: [givesUp] })
})

test('the EventSource of undici does the same', async () => {
  const questions: readonly (readonly [number, string?])[] = [
    [200, 'text/event-stream'],
    [200, 'TEXT/event-stream;charset=utf-8'],
    [200, 'text/html'],
    [200],
    [204],
    [206, 'text/event-stream'],
    [301],
    [404, 'text/event-stream'],
    [500, 'text/html'],
    [503],
    [0],
  ]
  const mine = await ask(...questions)
  const { EventSource } = await import('undici')
  const theirs: Record<string, After> = {}
  for (const [status, type] of questions) {
    await using server = await serve((response) => {
      if (status === 0) response.destroy()
      else
        response.writeHead(status, { ...(type !== undefined && { 'Content-Type': type }), Connection: 'close' }).end()
    })
    const source = new EventSource(server.url)
    const end = Promise.race([once(source, 'open').then(() => 'open' as const), once(source, 'error')])
    const first = await within(3000, end, `undici to make something of status ${status}`)
    const { readyState } = source
    source.close()
    theirs[`${status} ${type ?? '-'}`] = first === 'open' ? 'open' : readyState === 2 ? 'stop' : 'retry'
  }
  expect(mine).toMean(theirs)
})

async function serve(answer: (response: ServerResponse) => void) {
  const server = createServer((_, response) => answer(response))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      if (server.listening) await once(server, 'close')
    },
  }
}
