import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@sse-from-scratch/chunked'
import type { Handler } from '@sse-from-scratch/http-raw'
import { describeWith, run } from '@sse-from-scratch/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bytes } from './read-body.ts'

// How fast is the affair of `npm run bench:http`. Here wrk is a judge: 32 connections, and not one answer it cannot read.

const BODY = 'x'.repeat(1000)

/** Answers with a length, in chunks, or 400 to a body that is not the one of the scripts: wrk counts that as an error. */
const handler: Handler = async ({ target, body: incoming }, respond) => {
  if (target === '/length') return void (await respond(200, { 'Content-Type': 'text/plain' }, 'hello'))
  if (target === '/body') return void (await respond((await incoming.text()) === BODY ? 200 : 400, {}, 'checked'))
  const body = await respond(200, { 'Content-Type': 'text/plain' })
  for (const word of ['one ', 'two ', 'three']) await body.write(bytes(word))
  await body.end()
}

/** What wrk sends, one after the other, on each of its connections. */
const REQUESTS = {
  'requests and answers of every framing': [
    'GET /length HTTP/1.1\r\nHost: a\r\n\r\n',
    'GET /chunks HTTP/1.1\r\nHost: a\r\n\r\n',
    `POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n${BODY}`,
    `POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1f4;a=b\r\n${BODY.slice(500)}\r\n1F4\r\n${BODY.slice(500)}\r\n0\r\n\r\n`,
  ],
  '16 pipelined requests at a time': [
    'GET /chunks HTTP/1.1\r\nHost: a\r\n\r\nGET /length HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(8),
  ],
}

describeWith(['wrk'], 'wrk', ([tool]) => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chunked-wrk-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test.each(Object.entries(REQUESTS))('finds no fault with %s', async (_, requests) => {
    const script = join(folder, 'requests.lua')
    const list = requests.map((wire) => JSON.stringify(wire)).join(', ') // a JSON string of ASCII is one of Lua
    await writeFile(
      script,
      `local all, i = { ${list} }, 0\nrequest = function() i = i + 1; return all[i % #all + 1] end\n`,
    )
    const errors: unknown[] = []
    let handled = 0
    const counted: Handler = (req, respond) => {
      handled++
      return handler(req, respond)
    }
    await using server = await serve(counted, { onError: (error) => errors.push(error) })
    const url = `http://127.0.0.1:${server.address.port}/`
    const options = ['-t1', '-c32', '-d2s', '--timeout', '30s', '-s', script]
    const { stdout, code } = await run(tool?.path ?? 'wrk', [...options, url])
    expect(code).toBe(0)
    expect(stdout).not.toMatch(/Socket errors|Non-2xx/)
    const answered = Number(/(\d+) requests in/.exec(stdout)?.[1])
    expect(answered).toBeGreaterThan(32)
    expect(handled).toBeGreaterThanOrEqual(answered)
    // When its time is up it hangs up, wherever it is: that is the only end we may have seen.
    expect(errors.filter((error) => !isGone(error))).toEqual([])
  })
})

function isGone(error: unknown): boolean {
  const { code } = error as { readonly code: string }
  return ['TCP_RESET', 'TCP_CLOSED', 'HTTP_INCOMPLETE', 'CHUNKED_INCOMPLETE'].includes(code)
}
