import { connect, type Listener, listen } from '@sse-from-scratch/tcp-echo'
import { describeWith, type Nginx, run, startNginx } from '@sse-from-scratch/testkit'
import { request as undiciRequest } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytesOf, cellOf, rowsUnder } from './fuzz/judges-page.ts'
import { requestReads, serveReads } from './fuzz/shells.ts'

// Each row of docs/judges.md is run, by us and by the judge. A judge may have come to agree with us.

function cases(heading: string) {
  return rowsUnder(heading).map(([input = '', we = '', judge = '']) => ({ input, we, judge }))
}

/** What we make of a response, in the words of the page. */
async function ourReading(input: string): Promise<string> {
  const seen = await requestReads('GET', [bytesOf(input)])
  return typeof seen === 'string' ? 'refuses' : `reads ${cellOf(seen.body)}`
}

/** Answers everybody with these bytes, and closes. */
function answering(input: string): Promise<Listener> {
  return listen(async (connection) => {
    await connection.read()
    await connection.write(bytesOf(input))
  })
}

function urlOf({ address }: Listener): string {
  return `http://127.0.0.1:${address.port}/`
}

describe('undici', () => {
  test.each(cases('undici'))('and we read $input as docs/judges.md says', async ({ input, we, judge }) => {
    expect(await ourReading(input)).toBe(we)
    await using server = await answering(input)
    const theirs = await undiciRequest(urlOf(server))
      .then(({ body }) => body.text())
      .then(
        (text) => `reads ${cellOf(text)}`,
        () => 'refuses',
      )
    expect([judge, we]).toContain(theirs)
  })
})

describeWith(['curl'], 'curl', ([curl]) => {
  test.each(cases('curl'))('and we read $input as docs/judges.md says', async ({ input, we, judge }) => {
    expect(await ourReading(input)).toBe(we)
    await using server = await answering(input)
    const { code, stdout } = await run(curl?.path ?? '', ['-s', '--max-time', '8', urlOf(server)])
    expect([judge, we]).toContain(code === 0 ? `reads ${cellOf(stdout)}` : 'refuses')
  })
})

describeWith(['nginx'], 'nginx', () => {
  let nginx: Nginx
  beforeAll(async () => {
    nginx = await startNginx({ upstream: 1, location: 'return 200 read;' }) // nobody is upstream: it answers itself
  })
  afterAll(async () => {
    await nginx.close()
  })

  test.each(cases('nginx'))('and we read $input as docs/judges.md says', async ({ input, we, judge }) => {
    const wire = bytesOf(input)
    const { requests } = await serveReads([wire], ['GET'])
    expect(requests.length > 0 ? 'reads' : 'refuses').toBe(we)
    const connection = await connect({ port: nginx.port })
    await connection.write(wire)
    const answer = Buffer.from((await connection.read()) ?? []).toString('latin1')
    connection.abort()
    expect([judge, we]).toContain(/^HTTP\/1\.1 200 /.test(answer) ? 'reads' : 'refuses')
  })
})
