import { once } from 'node:events'
import { connect, type IncomingHttpHeaders } from 'node:http2'
import type { ClientOptions } from './client.ts'
import { createContent } from './content.ts'
import type { Watched } from './watched.ts'

/** Asks for a stream in HTTP/2, over TLS, and believes whom it meets. There are no chunks: END_STREAM says that it is whole. */
export async function watchHttp2({ port, onEvents }: ClientOptions): Promise<Watched> {
  const session = connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false })
  session.on('error', () => {})
  const seen: number[] = []
  let last = ''
  const content = createContent((data) => {
    last = data
    seen.push(performance.now())
    onEvents?.(seen.length)
  })
  const askedAt = performance.now()
  const stream = session.request({ ':path': '/' })
  let isWhole = false
  let bursts = 0
  stream.on('error', () => {})
  stream.on('end', () => (isWhole = true))
  stream.on('data', (bytes: Uint8Array) => {
    const before = seen.length
    content.push(bytes)
    if (seen.length > before) bursts++
  })
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status'?: number }]
  const headAt = performance.now()
  if (!stream.closed) await once(stream, 'close')
  const end = isWhole && stream.rstCode === 0 ? 'whole' : 'RST'
  session.close()
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const rest = { wire: '', last, seen, bursts, sizes: [], endedAt: performance.now() }
  return { askedAt, headAt, status: headers[':status'] ?? 0, head: head.join('\r\n'), end, ...rest }
}
