import { createServer, type Server } from 'node:net'

export const TEXT = 'hello world'
export const TYPE = 'text/plain'
const MOST_AT_ONCE = 64

/** Answers as many times as there are blank lines, and looks at nothing else: what a socket can do without HTTP. */
export function createAnsweringServer(): Server {
  const date = new Date().toUTCString()
  const fields = `Content-Type: ${TYPE}\r\nContent-Length: ${TEXT.length}\r\nDate: ${date}\r\n`
  const answer = Buffer.from(`HTTP/1.1 200 OK\r\n${fields}\r\n${TEXT}`)
  const answers = Array.from({ length: MOST_AT_ONCE + 1 }, (_, count) => Buffer.concat(Array(count).fill(answer)))
  return createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      let count = 0
      for (let at = bytes.indexOf('\r\n\r\n'); at !== -1; at = bytes.indexOf('\r\n\r\n', at + 4)) count++
      socket.write(answers[count] as Uint8Array)
    })
  })
}
