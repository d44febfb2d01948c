import type { Connection } from '@sse-from-scratch/tcp-echo'

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function text(...parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString()
}

/** Everything from here to the peer's FIN. */
export async function readAll(connection: Connection): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of connection) parts.push(part)
  return text(...parts)
}

/** So many characters, in however many reads they come. */
export async function readText(connection: Connection, length: number): Promise<string> {
  let got = ''
  while (got.length < length) {
    const part = await connection.read()
    if (part === null) break
    got += text(part)
  }
  return got
}

/** Resolves when the connection is over, with the reason. */
export function whenOver({ signal }: Connection): Promise<unknown> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason)
    else signal.addEventListener('abort', () => resolve(signal.reason), { once: true })
  })
}

/** Lets the event loop go round: enough for everything that is due, and independent of the clock. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** A RST shows only to those who write or read after it has arrived. */
export async function writeUntilBroken(connection: Connection): Promise<never> {
  for (;;) {
    await connection.write(bytes('x'))
    await turns(1)
  }
}
