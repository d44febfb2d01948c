import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { asBytes } from '@sse-from-scratch/course'
import { EventSource } from '@sse-from-scratch/sse-client'
import { encodeEvent } from '@sse-from-scratch/sse-server'
import { openSession } from '@sse-from-scratch/sse-server/node'
import { explain } from '@sse-from-scratch/wire-xray'
import { createReplay } from '#ex/06-what-did-i-miss'

// A server that sends two events a connection and then cuts it, with your replay behind it.
const WORDS = ['each', 'word', 'arrives', 'once', 'and', 'not', 'twice']
const columns = Number(process.env['COLUMNS']) || 80

try {
  await show()
} catch (error) {
  console.log('createReplay:', error instanceof Error ? error.message : error)
}

async function show(): Promise<void> {
  const replay = createReplay(5)
  const ids = WORDS.map((data) => replay.add({ data }))
  const short = (id: string | undefined) => (id === undefined ? '-' : (WORDS[ids.indexOf(id)] ?? id))

  const server = createServer((request, response) => {
    response.setHeader('Connection', 'close')
    const session = openSession(request, response, { retry: 50, heartbeat: 0 })
    const missed = replay.since(session.lastEventId ?? '')
    const say = missed === 'gap' ? '"gap"' : `${missed.length} events`
    console.log(`  server: Last-Event-ID is that of ${short(session.lastEventId).padEnd(8)} since → ${say}`)
    for (const event of missed === 'gap' ? [] : missed.slice(0, 2)) session.send(event)
    session.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const from = async (id: string, patience: number) => {
    const source = new EventSource(url, { lastEventId: id })
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patience)
      source.onmessage = ({ data }) => {
        console.log(`  client: ${data}`)
        if (data !== WORDS.at(-1) || source.readyState === 2) return
        clearTimeout(timer)
        setTimeout(resolve, 100)
      }
    })
    source.close()
  }
  console.log(`A client that has heard "${WORDS[2]}", and is cut after every two events:\n`)
  await from(ids[2] ?? '', 1500)
  console.log(`\nA client that was away for too long: it has heard "${WORDS[0]}", and only five events are kept:\n`)
  await from(ids[0] ?? '', 30)
  server.close()
  server.closeAllConnections()

  const missed = replay.since(ids[4] ?? '')
  if (missed === 'gap') return
  const body = missed.map((event) => Buffer.from(encodeEvent(event).bytes).toString()).join('')
  const answer = asBytes(`HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n${body}`)
  console.log(`\nThe answer to one who has heard "${WORDS[4]}", as bytes:\n\n${explain(answer, { columns })}`)
}
