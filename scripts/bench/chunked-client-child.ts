// One client: asks for the response, counts the bytes of its body, again and again.
import { once } from 'node:events'
import { answerRounds } from './child.ts'
import { perCpuSecond } from './cpu-rate.ts'

const WARM_UP = 1 // seconds of CPU time, as in http-client-child.ts

const [name = '', portText, sizeText] = process.argv.slice(2)
const port = Number(portText)
const size = Number(sizeText)
const url = `http://127.0.0.1:${port}/`

/** Reads one response and resolves with how many bytes there were. */
type Read = () => Promise<number>

/**
 * Each loads what it needs, and no more: in a process that had also loaded undici, the raw socket read 1.2 GB/s in place of 2.1 to 3.6.
 */
const clients: Readonly<Record<string, () => Promise<Read>>> = {
  chunked,
  'node:http, for await': iteratedNodeHttp,
  "node:http, on('data')": nodeHttp,
  'undici.stream': undici,
  'raw socket': rawSocket,
}
const load = clients[name]
if (!load) throw new RangeError(`no client ${name}`)
const read = await load()

await measure(WARM_UP)
answerRounds(measure)

/** Bytes of body per second of CPU time. */
function measure(seconds: number): Promise<number> {
  return perCpuSecond(seconds, async () => {
    const got = await read()
    if (got < size) throw new Error(`${got} of ${size} bytes`)
    return size
  })
}

async function chunked(): Promise<Read> {
  const { request } = await import('@sse-from-scratch/chunked')
  return async () => {
    let got = 0
    const response = await request(url)
    for await (const piece of response.body) got += piece.length
    return got
  }
}

async function nodeHttp(): Promise<Read> {
  const { get } = await import('node:http')
  return () =>
    new Promise((resolve, reject) => {
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

async function iteratedNodeHttp(): Promise<Read> {
  const { get } = await import('node:http')
  return async () => {
    let got = 0
    const [response] = await once(get(url), 'response')
    for await (const piece of response) got += piece.length
    return got
  }
}

async function undici(): Promise<Read> {
  const { stream } = await import('undici')
  const { Writable } = await import('node:stream')
  return async () => {
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
}

/** Understands nothing, and counts the framing as well. */
async function rawSocket(): Promise<Read> {
  const { connect } = await import('node:net')
  return () =>
    new Promise((resolve, reject) => {
      let got = 0
      const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'))
      socket.on('data', (piece) => {
        got += piece.length
      })
      socket.on('end', () => resolve(got))
      socket.on('error', reject)
    })
}
