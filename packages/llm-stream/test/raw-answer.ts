import { connect } from '@sse-from-scratch/tcp-echo'

/** An answer as it came: reads, and how the connection ended. */
export interface RawAnswer {
  readonly reads: readonly Uint8Array[]
  /** All of it, a character a byte. */
  readonly text: string
  readonly head: string
  /** What comes behind the head, with its framing. */
  readonly body: string
  readonly end: 'fin' | 'reset' | 'left'
}

/** A request as text, for those who want to see every byte of the answer. */
export function rawRequest(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): string {
  const json = typeof body === 'string' ? body : JSON.stringify(body)
  const lines = Object.entries({ Host: 'x', 'Content-Type': 'application/json', ...headers }).map(
    ([k, v]) => `${k}: ${v}`,
  )
  return [`POST ${path} HTTP/1.1`, ...lines, `Content-Length: ${Buffer.byteLength(json)}`, '', json].join('\r\n')
}

/** Sends bytes and reads until the server hangs up, or until `enough` says so of what came so far. */
export async function askRaw(
  port: number,
  request: string,
  enough: (text: string) => boolean = () => false,
  leave: 'abort' | 'end' = 'abort',
): Promise<RawAnswer> {
  const connection = await connect({ port, host: '127.0.0.1' })
  const reads: Uint8Array[] = []
  const text = () => Buffer.concat(reads).toString('latin1')
  let end: RawAnswer['end'] = 'left'
  await connection.write(new TextEncoder().encode(request))
  try {
    while (!enough(text())) {
      const bytes = await connection.read()
      if (bytes === null) {
        end = 'fin'
        break
      }
      reads.push(Uint8Array.from(bytes))
    }
  } catch {
    end = 'reset'
  }
  if (leave === 'abort') connection.abort()
  else await connection.end()
  const [head = ''] = text().split('\r\n\r\n', 1)
  return { reads, text: text(), head, body: text().slice(head.length + 4), end }
}
