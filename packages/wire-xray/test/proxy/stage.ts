import { once } from 'node:events'
import { type Connection, connect, type Listener, listen } from '@sse-from-scratch/tcp-echo'
import type { Item } from '../../src/proxy/item.ts'
import type { ProxyOptions } from '../../src/proxy/options.ts'
import { startProxy, type XrayProxy } from '../../src/proxy/start-proxy.ts'

/** A server without any protocol, a proxy in front of it, and what the proxy said. */
export interface Stage extends AsyncDisposable {
  readonly proxy: XrayProxy
  readonly items: readonly Item[]
  /** A client's connection to the proxy, and the server's end of it. */
  open(): Promise<{ readonly client: Connection; readonly server: Connection }>
}

export const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')

/** Everything that comes until the end of a direction; a connection that breaks rejects. */
export async function readAll(connection: Connection): Promise<string> {
  let text = ''
  for (let read = await connection.read(); read !== null; read = await connection.read())
    text += Buffer.from(read).toString('latin1')
  return text
}

/** As many characters as are waited for. */
export async function readSome(connection: Connection, length: number): Promise<string> {
  let text = ''
  while (text.length < length) {
    const read = await connection.read()
    if (read === null) throw new Error(`the end, after ${JSON.stringify(text)}`)
    text += Buffer.from(read).toString('latin1')
  }
  return text
}

export function gone({ signal }: Connection): Promise<unknown> {
  return signal.aborted ? Promise.resolve() : once(signal, 'abort')
}

/** A server whose connections stay open until their test lets go of them. */
export async function startServer(): Promise<{ readonly listener: Listener; next(): Promise<Connection> }> {
  const accepted: Connection[] = []
  const waiting: ((connection: Connection) => void)[] = []
  const listener = await listen(async (connection) => {
    const take = waiting.shift()
    if (take) take(connection)
    else accepted.push(connection)
    await gone(connection)
  })
  return {
    listener,
    next: () => {
      const connection = accepted.shift()
      return connection ? Promise.resolve(connection) : new Promise((resolve) => waiting.push(resolve))
    },
  }
}

export async function setStage(options: Partial<ProxyOptions> = {}): Promise<Stage> {
  const server = await startServer()
  const items: Item[] = []
  const proxy = await startProxy({
    target: `http://127.0.0.1:${server.listener.address.port}`,
    onItem: (item) => items.push(item),
    ...options,
  })
  return {
    proxy,
    items,
    async open() {
      const [client, accepted] = await Promise.all([connect({ port: proxy.address.port }), server.next()])
      return { client, server: accepted }
    },
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]()
      await server.listener[Symbol.asyncDispose]()
    },
  }
}
