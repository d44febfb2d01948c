import { createReadStream } from 'node:fs'
import type { Handler } from './contract.ts'

export const page: URL = new URL('./solution.html', import.meta.url)

export const handler: Handler = (request, response, ticks) => {
  if (request.url === '/') {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
    createReadStream(page).pipe(response)
  } else if (request.url === '/events') {
    sendTicks(request, response, ticks)
  } else {
    response.writeHead(404).end()
  }
}

const sendTicks: Handler = ({ headers }, response, { count, gapMs }) => {
  let tick = Number(headers['last-event-id']) || 0 // no id, or one that is not ours: from the start
  if (tick >= count) {
    response.writeHead(204).end() // ending the answer would bring the browser back; this does not
    return
  }
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  response.write('retry: 100\n\n')
  const timer = setInterval(() => {
    tick++
    response.write(`event: tick\nid: ${tick}\ndata: ${tick} of ${count}\n\n`)
    if (tick === count) response.end()
  }, gapMs)
  response.on('close', () => clearInterval(timer)) // after our end, and when the client leaves
}
