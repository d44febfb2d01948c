// One client, and the server that it has for itself in a process of its own.
import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { request } from '@sse-from-scratch/chunked'
import { createPool } from '@sse-from-scratch/http-raw'
import { Pool } from 'undici'
import { answerRounds, startChild } from './child.ts'
import { perCpuSecond } from './cpu-rate.ts'
import { TINY_HEAD } from './http-requests.ts'

const AT_A_TIME = 10
const TIMES = 20 // between two looks at the clock
const WARM_UP = 1 // seconds of CPU time: a request is much code, and V8 needs that long to know it

const [name = ''] = process.argv.slice(2)
const { ready } = await startChild(new URL('http-answer-server.js', import.meta.url), [])
const port = Number(ready)
const url = `http://127.0.0.1:${port}/`

/** Asks once and resolves with the text of the answer. */
type Ask = () => Promise<string>

/** Each makes a client, and that makes as many askers as there shall be at a time. */
const clients: Readonly<Record<string, () => () => Ask>> = {
  'http-raw, pool': ours,
  'node:http, keepAlive': nodeHttp,
  'undici.request': undici,
  'raw socket, nothing checked': rawSocket,
}
const make = clients[name]
if (!make) throw new RangeError(`no client ${name}`)
const askers = Array.from({ length: AT_A_TIME }, make())
const text = await askers[0]?.()
if (text !== 'hello world') throw new Error(`not the answer: ${text}`)

await ask(WARM_UP)
answerRounds(ask)

/** How many requests were answered per second of CPU time. */
function ask(seconds: number): Promise<number> {
  return perCpuSecond(seconds, async () => {
    await Promise.all(askers.map(askAgainAndAgain))
    return AT_A_TIME * TIMES
  })
}

async function askAgainAndAgain(ask: Ask): Promise<void> {
  for (let n = 0; n < TIMES; n++) await ask()
}

function ours(): () => Ask {
  const pool = createPool({ maxConnections: AT_A_TIME })
  return () => async () => (await request(url, { pool })).body.text()
}

function nodeHttp(): () => Ask {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_A_TIME })
  return () => async () => {
    const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage]
    let text = ''
    response.setEncoding('utf8').on('data', (piece) => {
      text += piece
    })
    await once(response, 'end')
    return text
  }
}

function undici(): () => Ask {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: AT_A_TIME })
  return () => async () => (await pool.request({ path: '/', method: 'GET' })).body.text()
}

/** A connection for each; a read is taken for an answer. */
function rawSocket(): () => Ask {
  return () => {
    const socket = connect({ port, noDelay: true })
    return async () => {
      socket.write(TINY_HEAD)
      const [bytes] = await once(socket, 'data')
      return bytes.toString('latin1', bytes.indexOf('\r\n\r\n') + 4)
    }
  }
}
