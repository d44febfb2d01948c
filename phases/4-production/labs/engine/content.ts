import { createGunzip } from 'node:zlib'
import { createEventDecoder } from '@sse-from-scratch/sse-client'

/** Content, compressed or not, as events. Comments are none. */
export function createContent(onEvent: (data: string) => void) {
  const decoder = createEventDecoder()
  const hear = (bytes: Uint8Array) => decoder.push(bytes, (item) => item.kind === 'event' && onEvent(item.event.data))
  let gunzip: ReturnType<typeof createGunzip> | undefined
  let written: Promise<unknown> = Promise.resolve()
  return {
    unzip() {
      gunzip = createGunzip()
      gunzip.on('data', hear).on('error', () => {})
    },
    push(bytes: Uint8Array) {
      if (gunzip === undefined) hear(bytes)
      else written = new Promise((resolve) => gunzip?.write(Uint8Array.from(bytes), resolve))
    },
    settled: () => written,
  }
}

/** The sizes of a chunked body, as they are written, as far as it goes. */
export function sizesIn(body: string): readonly string[] {
  const sizes: string[] = []
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf('\r\n', at)
    const [size = ''] = body.slice(at, end < 0 ? undefined : end).split(';')
    if (!/^[\da-f]+$/i.test(size)) return sizes
    sizes.push(size)
    at = end + 2 + Number.parseInt(size, 16) + 2
    if (end < 0 || Number.parseInt(size, 16) === 0) return sizes
  }
  return sizes
}
