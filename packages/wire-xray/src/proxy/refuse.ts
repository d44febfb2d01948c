import type { Connection } from '@sse-from-scratch/tcp-echo'

/** How long a client that got a 502 may take to read it and leave. */
const PATIENCE = 5000

/**
 * Answers a client whose target cannot be reached: 502 (RFC 9110 §15.6.3) with one sentence, once it has asked for
 * something. Before that it would be an answer to nothing.
 *
 * Our FIN goes first and what the client still sends is thrown away: closing at once would be a RST, and lose the answer
 * (RFC 9112 §9.6).
 */
export async function refuse(client: Connection, sentence: string): Promise<void> {
  const timer = setTimeout(() => client.abort(), PATIENCE)
  try {
    if ((await client.read()) === null) return
    await client.write(badGateway(sentence))
    await client.end()
    while ((await client.read()) !== null);
  } catch {
    // It left by itself.
  } finally {
    clearTimeout(timer)
  }
}

function badGateway(sentence: string): Uint8Array {
  const body = new TextEncoder().encode(`${sentence}\n`)
  const head = [
    'HTTP/1.1 502 Bad Gateway',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${body.length}`,
    'Connection: close',
    '',
    '',
  ].join('\r\n')
  return new Uint8Array([...new TextEncoder().encode(head), ...body])
}
