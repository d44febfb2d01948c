import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { AuditNumbers, SendNumbered } from '../contract.ts'

export const sendNumbered: SendNumbered = async (kind, port, n) => {
  const lines = Array.from({ length: n }, (_, number) => `${number}\n`)
  await (kind === 'udp' ? overUdp(port, lines) : overTcp(port, lines))
}

async function overUdp(port: number, lines: readonly string[]): Promise<void> {
  const socket = createSocket('udp4')
  try {
    for (const line of lines) {
      await new Promise<void>((resolve, reject) => {
        socket.send(line, port, '127.0.0.1', (error) => (error ? reject(error) : resolve()))
      })
    }
  } finally {
    const closed = once(socket, 'close')
    socket.close()
    await closed
  }
}

async function overTcp(port: number, lines: readonly string[]): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const closed = once(socket, 'close')
  for (const line of lines) socket.write(line)
  socket.end()
  socket.resume()
  await closed
}

export const audit: AuditNumbers = (seen, n) => {
  const came = new Set<number>()
  const twice = new Set<number>()
  let swapped = 0
  let largest = -1
  for (const number of seen) {
    if (came.has(number)) twice.add(number)
    if (number <= largest) swapped++
    came.add(number)
    largest = Math.max(largest, number)
  }
  const sent = Array.from({ length: n }, (_, number) => number)
  return { lost: sent.filter((number) => !came.has(number)), swapped, twice: [...twice].sort((a, b) => a - b) }
}
