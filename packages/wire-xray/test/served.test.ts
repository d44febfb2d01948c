import { serve } from '@sse-from-scratch/chunked'
import type { Limits } from '@sse-from-scratch/http-raw'
import { connect } from '@sse-from-scratch/tcp-echo'
import { expect, test } from 'vitest'
import { type Decoded, decode } from './specimens/read.ts'
import { readSpecimens, type Specimen, specimenFiles } from './specimens/specimen.ts'

// The logs of the specimens show what decoders do. This is what comes of it, over a real socket.

/** With what a server answers a code, if not with 400. */
const STATUS: Readonly<Record<string, RegExp>> = {
  HTTP_HEAD_TOO_LARGE: /^(?:414|431)$/,
  HTTP_BODY_TOO_LARGE: /^413$/,
  HTTP_UNKNOWN_CODING: /^501$/,
  HTTP_UNSUPPORTED_VERSION: /^505$/,
  CHUNKED_TOO_MUCH_OVERHEAD: /^(?:413|431)$/,
}

/** What follows a refusal in the same write. Nobody may get to see it. */
const NEXT = Buffer.from('GET /smuggled HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
/** What a chunked body needs in front of it to be a request. */
const CHUNKED_HEAD = Buffer.from('POST /chunked HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')

interface Played {
  /** Of its final answers. */
  readonly statuses: readonly string[]
  readonly served: readonly string[]
}

async function play(bytes: Uint8Array, limits: Partial<Limits>): Promise<Played> {
  const served: string[] = []
  await using server = await serve(
    async ({ method, target, body }, respond) => {
      const content = await body.bytes()
      served.push(`${method} ${target} ${Buffer.from(content).toString('latin1')}`)
      await respond(method === 'CONNECT' ? 405 : 200, {}, '\n')
    },
    { limits, lingerTimeout: 50 },
  )
  await using client = await connect({ port: server.address.port })
  void client.write(bytes).catch(() => {}) // refused before its end
  await client.end().catch(() => {})
  let said = ''
  for await (const part of client) said += Buffer.from(part).toString('latin1')
  return { served, statuses: said.match(/(?<=^HTTP\/1\.1 )[2-5]\d\d(?= )/gm) ?? [] }
}

/** The requests that the decoders have read whole, as the server's handler gets to see them. */
function wholeRequests({ events }: Decoded): string[] {
  const whole: string[] = []
  let request = ''
  for (const {
    words: [first = ''],
    data,
  } of events) {
    const [, start] = /^head (\S+ .*) 1\.[01] for=/.exec(first) ?? []
    if (start !== undefined) request = `${JSON.parse(`"${start.replaceAll('\\x', '\\u00')}"`)} `
    else if (data) request += Buffer.from(data).toString('latin1')
    else if (first === 'end') whole.push(request)
  }
  return whole
}

function expectServed(decoded: Decoded, { served, statuses }: Played): void {
  const whole = wholeRequests(decoded)
  const { outcome } = decoded
  expect(served).toEqual(whole)
  expect(statuses.slice(0, whole.length)).toEqual(
    whole.map((request) => (request.startsWith('CONNECT') ? '405' : '200')),
  )
  if (outcome.kind === 'complete') expect(statuses).toHaveLength(whole.length)
  else {
    expect(statuses).toHaveLength(whole.length + 1)
    expect(statuses.at(-1)).toMatch(STATUS[outcome.code] ?? /^400$/)
  }
}

/** A chunked body as that of a request: then it is a request like the others. */
function asRequest(specimen: Specimen): Specimen {
  if (specimen.subject === 'Request') return specimen
  return { ...specimen, subject: 'Request', bytes: Buffer.concat([CHUNKED_HEAD, specimen.bytes]) }
}

const specimens = specimenFiles()
  .flatMap(readSpecimens)
  .filter(({ subject }) => subject === 'Request' || subject === 'Chunked body')
  .map(asRequest)

test.each(specimens)(
  'a real server serves what is whole in $file, "$title", and refuses the rest once',
  async (specimen) => {
    const bytewise = Array.from(specimen.bytes, (byte) => Uint8Array.of(byte))
    const decoded = decode(specimen, bytewise)
    const refused = decoded.outcome.kind === 'error'
    const wire = refused ? Buffer.concat([specimen.bytes, NEXT]) : specimen.bytes
    expectServed(decoded, await play(wire, specimen.limits))
  },
)

test('there are enough of them to be worth it', () => {
  expect(specimens.length).toBeGreaterThan(200)
})
