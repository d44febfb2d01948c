import { type Connection, type Listener, listen } from '@sse-from-scratch/tcp-echo'

export interface Server extends AsyncDisposable {
  readonly url: string
  /** Resolves when the first connection has ended, with how: an end or an error. */
  readonly gone: Promise<unknown>
  /** Connections so far. */
  readonly connections: number
}

/** Reads one request, then does with the connection as it is told; `nth` counts the connections from 1. */
export async function raw(answer: (connection: Connection, nth: number) => Promise<void> | void): Promise<Server> {
  let connections = 0
  let leave: (how: unknown) => void = () => {}
  const gone = new Promise<unknown>((resolve) => {
    leave = resolve
  })
  const listener = await listen(async (connection) => {
    const nth = ++connections
    connection.signal.addEventListener('abort', () => leave(connection.signal.reason))
    await readRequest(connection)
    await answer(connection, nth)
    try {
      for await (const _ of connection);
      leave('end')
    } catch (error) {
      leave(error)
    }
  })
  return {
    url: urlOf(listener),
    gone,
    get connections() {
      return connections
    },
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  }
}

/** The head ends with an empty line, our body with the JSON's last brace. */
export async function readRequest(connection: Connection): Promise<void> {
  let text = ''
  while (!/\r\n\r\n.*\}$/s.test(text)) {
    const part = await connection.read()
    if (part === null) return
    text += new TextDecoder().decode(part)
  }
}

export function urlOf(listener: Listener): string {
  return `http://127.0.0.1:${listener.address.port}/v1`
}
