import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { asBytes, within } from '@sse-from-scratch/course'
import { explain } from '@sse-from-scratch/wire-xray'
import { fanOut, pump } from '#ex/06-backpressure'
import type { FanOutOptions } from './contract.ts'

// Where bytes are that nobody reads: first with your pump, then with your fan-out, under both of its policies.
const KiB = 1024
const SIZE = 64 * KiB
const columns = Number(process.env['COLUMNS']) || 80
const turn = () => new Promise((resolve) => setImmediate(resolve))
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const inKiB = (bytes: number) => `${Math.round(bytes / KiB)} KiB`.padStart(10)

const server = createServer().listen(0, '127.0.0.1')
await once(server, 'listening')

interface Reader {
  readonly socket: Socket
  readonly ids: number[]
  readonly wake: () => void
  readonly leave: () => void
}

/** A reader that notes the ids that it hears. */
async function createReader(isAwake: boolean): Promise<Reader> {
  const end = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {})
  const [socket] = (await once(server, 'connection')) as [Socket]
  socket.on('error', () => {})
  const ids: number[] = []
  let tail = ''
  end.on('data', (bytes: Buffer) => {
    tail = tail.slice(-20) + bytes.toString('latin1')
    for (const [, id] of tail.matchAll(/id: (\d+)\ndata/g)) if (ids.at(-1) !== Number(id)) ids.push(Number(id))
  })
  if (!isAwake) end.pause()
  return { socket, ids, wake: () => end.resume(), leave: () => void end.destroy() }
}

function event(id: number): Uint8Array {
  const head = `id: ${id}\ndata: `
  return asBytes(`${head}${'x'.repeat(SIZE - head.length - 2)}\n\n`)
}

async function showPump(): Promise<void> {
  const sleeper = await createReader(false)
  let asked = 0
  const source = (async function* () {
    for (; asked < 512; asked++) yield event(asked)
  })()
  const pumped = pump(sleeper.socket, source).catch((error) => (error instanceof Error ? error.message : String(error)))
  await pause(200)
  const ours = sleeper.socket.writableLength
  console.log(`pump, 32 MiB for a sleeper: it asked for ${asked} of 512 pieces`)
  console.log(`  in the kernels${inKiB(sleeper.socket.bytesWritten - ours)}`)
  console.log(`  in our process${inKiB(ours)}`)
  sleeper.leave()
  const left = pause(1000).then(() => 'nothing: it waits for a reader that has gone')
  console.log(`  the reader leaves, and pump says: ${(await Promise.race([pumped, left])) ?? 'done'}\n`)
  sleeper.socket.destroy()
}

/** Returns the ids that the sleeper heard. */
async function showFanOut(policy: FanOutOptions['policy']): Promise<readonly number[]> {
  const [reader, sleeper] = [await createReader(true), await createReader(false)]
  const clients = new Set([sleeper.socket, reader.socket])
  const publish = fanOut(clients, { limitBytes: 256 * KiB, policy })
  for (let id = 0; id < 200; id++) {
    publish(event(id))
    await turn()
  }
  await pause(100)
  const waiting = sleeper.socket.destroyed ? 'cut off' : `its socket holds${inKiB(sleeper.socket.writableLength)}`
  sleeper.wake()
  await pause(200)
  console.log(`fanOut, ${policy}: 200 events of 64 KiB, limitBytes 256 KiB`)
  console.log(`  who reads heard   ${ranges(reader.ids)}`)
  console.log(`  who sleeps: ${waiting}; when it wakes it has heard ${ranges(sleeper.ids)}\n`)
  for (const { socket, leave } of [reader, sleeper]) {
    leave()
    socket.destroy()
  }
  return sleeper.ids
}

/** 0, 1, 2, 7 as "0–2, 7". */
function ranges(ids: readonly number[]): string {
  const starts = ids.filter((id, nth) => ids[nth - 1] !== id - 1)
  const ends = ids.filter((id, nth) => ids[nth + 1] !== id + 1)
  return (
    starts.map((from, nth) => (from === ends[nth] ? `${from}` : `${from}\u2013${ends[nth]}`)).join(', ') || 'nothing'
  )
}

try {
  await within(4000, showPump(), 'the pump')
  const ids = await showFanOut('drop-oldest')
  await showFanOut('disconnect')
  const gap = ids.findIndex((id, nth) => nth > 0 && id !== (ids[nth - 1] ?? 0) + 1)
  if (gap > 0) {
    const around = [ids[gap - 1], ids[gap]].map((id) => `id: ${id}\ndata: x\n\n`)
    console.log('What the sleeper reads at the gap. Nothing says that something is missing, but the ids:\n')
    console.log(explain(asBytes(around), { as: 'event-stream', columns }))
  }
} catch (error) {
  console.log(error instanceof Error ? error.message : error)
}
process.exit() // readers that were left hold the program otherwise
