import { type Connection, connect, listen } from '@sse-from-scratch/tcp-echo'

/** Bytes that crossed a line, heads and frames included; TCP's and IP's own headers are not seen from here. */
export interface Traffic {
  /** From the client. */
  readonly up: number
  /** To the client. */
  readonly down: number
}

/** A piece of cable in front of a server: it counts, and it can be cut. */
export interface Line extends AsyncDisposable {
  readonly port: number
  readonly traffic: Traffic
  /** Resets every connection; the next one is carried again. What was on its way is lost. */
  cut(): void
}

/** Lays a line to a port of this machine. */
export async function startLine(target: number): Promise<Line> {
  const open = new Set<Connection>()
  let up = 0
  let down = 0

  const listener = await listen(async (client) => {
    const server = await connect({ port: target })
    const ends = [client, server]
    for (const end of ends) open.add(end)
    try {
      await Promise.all([
        carry(client, server, (bytes) => {
          up += bytes
        }),
        carry(server, client, (bytes) => {
          down += bytes
        }),
      ])
    } finally {
      for (const end of ends) {
        open.delete(end)
        end.abort() // both have ended in good order, or neither will
      }
    }
  })

  return {
    port: listener.address.port,
    get traffic() {
      return { up, down }
    },
    cut() {
      for (const end of open) end.abort()
    },
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  }
}

async function carry(from: Connection, to: Connection, count: (bytes: number) => void): Promise<void> {
  for (let bytes = await from.read(); bytes !== null; bytes = await from.read()) {
    count(bytes.length)
    await to.write(bytes)
  }
  await to.end()
}
