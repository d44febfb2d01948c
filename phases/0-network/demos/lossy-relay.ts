import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { closed, ignore } from './udp-echo.ts'
import { createFates, type Fate, type Weather } from './weather.ts'

/** What has become of the datagrams, in both directions together. */
export interface Traffic {
  sent: number
  dropped: number
  overtaken: number
}

export interface LossyRelay extends AsyncDisposable {
  readonly port: number
  readonly traffic: Readonly<Traffic>
}

/** Milliseconds after which a datagram that nobody overtakes goes on. */
const PATIENCE = 50

/**
 * A bad network for UDP: hands datagrams on between one client and a server of this machine, drops some and swaps some.
 *
 * None of it is cheating. A router drops what it has no room for, and two datagrams may take two ways (RFC 1122 §3.3.1:
 * hosts must not rely on order). On the loopback it just happens too rarely to be shown.
 */
export async function startLossyRelay(target: number, weather: Weather): Promise<LossyRelay> {
  const toClient = createSocket('udp4')
  const toServer = createSocket('udp4')
  const traffic = { sent: 0, dropped: 0, overtaken: 0 }
  const fate = createFates(weather)
  let client: RemoteInfo | undefined
  const there = createRoad(fate, traffic, (datagram) => toServer.send(datagram, target, '127.0.0.1', ignore))
  const back = createRoad(fate, traffic, (datagram) => toClient.send(datagram, client?.port, client?.address, ignore))
  toClient.on('message', (datagram, from) => {
    client = from
    there.take(datagram)
  })
  toServer.on('message', back.take)
  await Promise.all([toClient, toServer].map(bind))
  return {
    port: toClient.address().port,
    traffic,
    async [Symbol.asyncDispose]() {
      there.close()
      back.close()
      await Promise.all([closed(toClient), closed(toServer)])
    },
  }
}

/** One direction. */
function createRoad(
  fate: () => Fate,
  traffic: Traffic,
  send: (datagram: Uint8Array) => void,
): { take(datagram: Uint8Array): void; close(): void } {
  let held: Uint8Array | undefined // until the next one has overtaken it
  let timer: NodeJS.Timeout | undefined

  function release(): void {
    clearTimeout(timer)
    if (held) send(held)
    held = undefined
  }

  function hold(datagram: Uint8Array): void {
    held = datagram
    timer = setTimeout(release, PATIENCE)
  }

  return {
    take(datagram) {
      traffic.sent++
      const decided = fate()
      if (decided === 'drop') {
        traffic.dropped++
      } else if (decided === 'swap' && !held) {
        hold(datagram)
      } else {
        send(datagram)
        if (held) traffic.overtaken++
        release()
      }
    },
    close: () => clearTimeout(timer),
  }
}

async function bind(socket: Socket): Promise<void> {
  socket.on('error', ignore)
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
}
