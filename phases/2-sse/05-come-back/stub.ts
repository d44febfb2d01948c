import { realClock, todo } from '@sse-from-scratch/course'
import type { Connect, Open } from './contract.ts'

/** One request, with fetch: this is done for you. */
const openWithFetch: Open = async ({ url, ...init }) => {
  const { status, headers, body } = await fetch(url, init)
  return { status, type: headers.get('content-type') ?? undefined, body: body ?? (async function* () {})() }
}

// `createEventDecoder` of '@sse-from-scratch/sse-client/decoder' is the parser of 2.3 and 2.4, for bytes. It wants the last
// event ID to start from, and has the newest one as `lastEventId`.
export const connect: Connect = (_url, { open: _open = openWithFetch, clock: _clock = realClock }) =>
  todo('2.5 connect')
