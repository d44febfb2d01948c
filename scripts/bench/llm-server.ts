// A provider. It answers as the path of a request says: flat out with bytes made beforehand, or a token every 5 ms that
// says when it was sent, or without an end until nobody takes any more.
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { sayReady } from './child.ts'
import { chunkOf, formatAt, type WireFormat, wordAt } from './llm-answers.ts'

const HEAD =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n'
const LAST_CHUNK = '0\r\n\r\n'
const PACE = 5 // milliseconds

const [way = '', tokens = ''] = process.argv.slice(2)
const count = Number(tokens)
const made = new Map<WireFormat, Buffer>()

const answers: Readonly<Record<string, (socket: Socket, format: WireFormat) => void>> = {
  'flat out': (socket, format) => socket.end(wholeAnswer(format)),
  paced: answerPaced,
  flood,
}
const answer = answers[way]
if (!answer) throw new RangeError(`no server ${way}`)

function wholeAnswer(format: WireFormat): Buffer {
  const known = made.get(format)
  if (known) return known
  const words = Array.from({ length: count }, (_, nth) => format.token(wordAt(nth)))
  const chunks = [...format.start, ...words, ...format.end].map(chunkOf)
  const whole = Buffer.from(HEAD + chunks.join('') + LAST_CHUNK)
  made.set(format, whole)
  return whole
}

function answerPaced(socket: Socket, { start, token, end }: WireFormat): void {
  socket.write(HEAD + start.map(chunkOf).join(''))
  let sent = 0
  const timer = setInterval(() => {
    if (sent++ < count) {
      socket.write(chunkOf(token(`${process.hrtime.bigint()} `)))
      return
    }
    clearInterval(timer)
    socket.end(end.map(chunkOf).join('') + LAST_CHUNK)
  }, PACE)
  socket.on('close', () => clearInterval(timer))
}

/** Writes as long as anybody takes it, and says how much that was: what `GET /` is answered with. */
let flooded = 0

function flood(socket: Socket, { start, token }: WireFormat): void {
  const many = Buffer.from(chunkOf(token('x')).repeat(200))
  const more = () => {
    while (!socket.destroyed && socket.write(many));
  }
  flooded = 0
  socket.write(HEAD + start.map(chunkOf).join(''))
  socket.on('drain', more)
  const counting = setInterval(() => {
    flooded = socket.bytesWritten - socket.writableLength
  }, 20)
  socket.on('close', () => clearInterval(counting))
  more()
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(`${flooded}`)
    return
  }
  request.resume()
  request.on('end', () => answer(request.socket, formatAt(request.url ?? '')))
})
server.on('connection', (socket) => {
  socket.setNoDelay(true)
  socket.on('error', () => {}) // a client that is gone is not our affair
})
server.listen(0, '127.0.0.1', () => sayReady((server.address() as { port: number }).port))
