import { openEventStream, rawTransport } from '@sse-from-scratch/sse-client'
import { BROWSER_FIELDS, type Hearing, type Listen, type ListenOptions, urlFor } from './listener.ts'

/** SSE: coming back, and saying where it left off, is part of the protocol. */
export const listenToEvents: Listen = (hearing, options) => listenAt('/sse', hearing, options)

/** The same without the field that tells nginx not to buffer. */
export const listenToBufferedEvents: Listen = (hearing, options) => listenAt('/sse-buffered', hearing, options)

async function listenAt(path: string, hearing: Hearing, options: ListenOptions): Promise<void> {
  const stream = openEventStream(urlFor(path, options), rawTransport({ fields: BROWSER_FIELDS }), {
    signal: options.signal,
    reconnect: ({ reconnectionTime }) => reconnectionTime, // the server's wish, without the jitter a crowd needs
    onStateChange: (state) => {
      if (state === 'open') hearing.open()
      else if (state === 'connecting') hearing.trouble('connecting')
    },
  })
  try {
    for await (const { data } of stream) hearing.tick(data)
  } catch (error) {
    if (!options.signal.aborted) hearing.trouble(String(error))
  }
}
