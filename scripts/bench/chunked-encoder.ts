import type { ChildProcess } from 'node:child_process'
import { childContender, startChild, stopChild } from './child.ts'
import type { Contender, Race } from './race.ts'

/**
 * Small events that are written within one turn of the event loop, as tokens are that arrive together: from bytes to
 * the socket. The client only throws away; only the server's CPU time counts.
 */
export function encoderRaces(): Race[] {
  return [
    {
      title: 'encode and send, 32 events of 100 B a turn',
      unit: 'events/s',
      ours: server('chunked'),
      rivals: [{ ...server('node:http'), goal: 3 }],
      limit: server('one made chunk of them all'),
    },
  ]
}

function server(name: string): Contender {
  const module = (file: string) => new URL(file, import.meta.url)
  let client: ChildProcess | undefined
  let contender: Contender | undefined
  return {
    name,
    async start() {
      const { child, ready } = await startChild(module('chunked-encoder-client.js'), [])
      client = child
      contender = childContender(name, module('chunked-encoder-server.js'), [name, `${ready}`])
      await contender.start?.()
    },
    measure(seconds) {
      if (!contender) throw new TypeError(`${name} has not been started`)
      return contender.measure(seconds)
    },
    async stop() {
      await contender?.stop?.()
      if (client) await stopChild(client)
    },
  }
}
