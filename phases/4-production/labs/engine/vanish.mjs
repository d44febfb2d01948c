// @ts-check
// Runs in a network of its own (unshare -rn): a server, a client, and the moment from which no packet comes through any more. No
// FIN, no RST. Says when the server learned of it, as JSON. Plain JavaScript: it starts without a loader.
import { spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import { connect } from 'node:net'

const [way = 'nothing', limit = '14000'] = process.argv.slice(2)

/** @param {'up' | 'down'} state */
function loopback(state) {
  const { status, stderr } = spawnSync('ip', ['link', 'set', 'lo', state], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`ip link set lo ${state}: ${stderr}`)
}

loopback('up')
let cutAt = 0
const server = createServer((_, response) => {
  const { socket } = response
  /** @type {string | undefined} */
  let error
  response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(':\n\n')
  if (socket === null) return
  if (way === 'keep-alive') socket.setKeepAlive(true, 1000)
  if (way === 'timeout') socket.setTimeout(2000, () => socket.destroy())
  if (way === 'heartbeat') setInterval(() => response.write(':\n\n'), 500)
  socket.on('error', (cause) => (error = 'code' in cause ? String(cause.code) : cause.message))
  socket.on('close', () => tell({ noticedAfter: performance.now() - cutAt, error }))
  setTimeout(() => tell({ waiting: response.writableLength }), Number(limit)).unref()
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const client = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1')
  client.on('error', () => {})
  client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  client.once('data', () => {
    loopback('down')
    cutAt = performance.now()
  })
})

/** @param {object} result */
function tell(result) {
  console.log(JSON.stringify(result))
  process.exit()
}
