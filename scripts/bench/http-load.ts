// A client on 64 connections, each asking again as soon as it is answered. Tells how many answers there were.
import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { answerRounds } from './child.ts'
import { BROWSER_HEAD, TINY_HEAD } from './http-requests.ts'

const CONNECTIONS = 64
const LEAST_FOR_WRK = 1 // it counts whole seconds
const WARM_UP = 0.3 // seconds, for the server; the first round is long as well

const [port = '', what = ''] = process.argv.slice(2)
const depth = what === 'pipelined' ? 16 : 1
const requests = Buffer.from((what === 'browser' ? BROWSER_HEAD : TINY_HEAD).repeat(depth))
const script = wrkScript()

let answered = 0 // whole rounds of a connection only
let asking = false
let waiting: Socket[] = Array.from({ length: CONNECTIONS }, openConnection)
await ask(WARM_UP)

answerRounds(async (seconds) => {
  const counted = seconds >= LEAST_FOR_WRK ? await askWithWrk(seconds) : undefined
  return counted ?? ask(seconds)
})

/** How many requests were answered. The connections stay: to open one is another matter. */
async function ask(seconds: number): Promise<number> {
  const before = answered
  const idle = waiting
  waiting = []
  asking = true
  for (const socket of idle) socket.write(requests)
  await setTimeout(seconds * 1000)
  asking = false
  while (waiting.length < CONNECTIONS) await setTimeout(1)
  return answered - before
}

function openConnection(): Socket {
  const socket = connect({ port: Number(port), noDelay: true })
  let size = Number.POSITIVE_INFINITY // of the answers to one round of requests, once the first is here
  let received = 0
  socket.on('error', (error) => {
    throw error
  })
  socket.on('data', (bytes) => {
    if (size === Number.POSITIVE_INFINITY) size = sizeOfAnswer(bytes.toString('latin1')) * depth
    received += bytes.length
    if (received < size) return
    received -= size
    answered += depth
    if (asking) socket.write(requests)
    else waiting.push(socket)
  })
  return socket
}

function sizeOfAnswer(text: string): number {
  const head = text.indexOf('\r\n\r\n') + 4
  const length = /^HTTP\/1.1 200 .*?\r\nContent-Length: (\d+)\r\n/is.exec(text)?.[1]
  if (head < 4 || length === undefined) throw new Error(`not an answer: ${JSON.stringify(text)}`)
  return head + Number(length)
}

/** `undefined` if there is no wrk here. */
function askWithWrk(seconds: number): Promise<number | undefined> {
  const url = `http://127.0.0.1:${port}/`
  const wrk = spawn('wrk', ['-t1', `-c${CONNECTIONS}`, `-d${Math.round(seconds)}s`, '-s', script, url])
  let output = ''
  wrk.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  return new Promise((resolve, reject) => {
    wrk.on('error', () => resolve(undefined))
    wrk.on('close', () => {
      const count = /(\d+) requests in/.exec(output)?.[1]
      if (count === undefined || output.includes('Non-2xx')) reject(new Error(`wrk: ${output}`))
      else resolve(Number(count))
    })
  })
}

/** Makes wrk send our very bytes. */
function wrkScript(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'bench-http-')), 'request.lua')
  writeFileSync(file, `request = function() return ${JSON.stringify(requests.toString('latin1'))} end\n`)
  return file
}
