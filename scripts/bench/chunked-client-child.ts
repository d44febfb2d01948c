// One client: asks for the response, counts the bytes of its body, again and again.
import { once } from 'node:events'
import { get } from 'node:http'
import { connect } from 'node:net'
import { Writable } from 'node:stream'
import { request } from '@sse-from-scratch/chunked'
import { stream } from 'undici'
import { answerRounds } from './child.ts'
import { perCpuSecond } from './cpu-rate.ts'

const [name = '', portText, sizeText] = process.argv.slice(2)
const port = Number(portText)
const size = Number(sizeText)
const url = `http://127.0.0.1:${port}/`

const clients: Readonly<Record<string, () => Promise<number>>> = {
  chunked: readWithChunked,
  'node:http, for await': iterateNodeHttp,
  "node:http, on('data')": readWithNodeHttp,
  'undici.stream': readWithUndici,
  'raw socket': readWithRawSocket,
}
const read = clients[name]
if (!read) throw new RangeError(`no client ${name}`)

answerRounds((seconds) =>
  perCpuSecond(seconds, async () => {
    const got = await read()
    if (got < size) throw new Error(`${got} of ${size} bytes`)
    return size
  }),
)

async function readWithChunked(): Promise<number> {
  let got = 0
  const response = await request(url)
  for await (const piece of response.body) got += piece.length
  return got
}

function readWithNodeHttp(): Promise<number> {
  return new Promise((resolve, reject) => {
    let got = 0
    const outgoing = get(url, (response) => {
      response.on('data', (piece) => {
        got += piece.length
      })
      response.on('end', () => resolve(got))
    })
    outgoing.on('error', reject)
  })
}

async function iterateNodeHttp(): Promise<number> {
  let got = 0
  const [response] = await once(get(url), 'response')
  for await (const piece of response) got += piece.length
  return got
}

async function readWithUndici(): Promise<number> {
  let got = 0
  await stream(url, { method: 'GET' }, () => {
    return new Writable({
      write(piece, _, done) {
        got += piece.length
        done()
      },
    })
  })
  return got
}

/** Understands nothing, and counts the framing as well. */
function readWithRawSocket(): Promise<number> {
  return new Promise((resolve, reject) => {
    let got = 0
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'))
    socket.on('data', (piece) => {
      got += piece.length
    })
    socket.on('end', () => resolve(got))
    socket.on('error', reject)
  })
}
