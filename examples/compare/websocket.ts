import { WebSocket } from 'ws'
import { BROWSER_FIELDS, type Hearing, type Listen, type ListenOptions, pause, urlFor } from './listener.ts'

/** What Chromium sends with a handshake: no client hints, no Referer, but an Origin. */
const HANDSHAKE_FIELDS = {
  Pragma: 'no-cache',
  'Cache-Control': 'no-cache',
  ...pick(BROWSER_FIELDS, ['User-Agent', 'Accept-Encoding', 'Accept-Language']),
  Origin: 'http://127.0.0.1:8080',
}

/** WebSocket as it comes, in a loop that connects again: what was said meanwhile is gone, and nobody notices. */
export const listenToMessages: Listen = async (hearing, options) => {
  while (!options.signal.aborted) {
    await listenOnce(urlFor('/ws', options), hearing, options)
    await pause(options.retry, options.signal)
  }
}

/** WebSocket with the same loop and a protocol of our own: every message has an id, and the URL says the last one. */
export const listenToMessagesById: Listen = async (hearing, options) => {
  let last = 0
  const remembering: Hearing = {
    ...hearing,
    tick(text) {
      last = JSON.parse(text).id
      hearing.tick(text)
    },
  }
  while (!options.signal.aborted) {
    await listenOnce(urlFor('/ws', options, last), remembering, options)
    await pause(options.retry, options.signal)
  }
}

/** One connection, from its handshake to its end. */
async function listenOnce(url: string, hearing: Hearing, { signal }: ListenOptions): Promise<void> {
  const socket = new WebSocket(url.replace('http:', 'ws:'), { headers: HANDSHAKE_FIELDS })
  const leave = () => socket.terminate()
  signal.addEventListener('abort', leave, { once: true })
  socket.on('open', hearing.open)
  socket.on('message', (data) => hearing.tick(data.toString()))
  socket.on('error', (error) => {
    if (!signal.aborted) hearing.trouble(error.message) // and 'close' follows
  })
  await new Promise((resolve) => socket.once('close', resolve))
  signal.removeEventListener('abort', leave)
}

function pick(fields: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)))
}
