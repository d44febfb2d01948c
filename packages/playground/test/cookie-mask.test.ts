import { everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { createXray } from '@sse-from-scratch/wire-xray'
import { expect, test } from 'vitest'
import { createCookieMask } from '../src/cookie-mask.ts'
import type { Stretch } from '../src/wire.ts'

const HEAD = 'HTTP/1.1 200 OK\r\nsEt-CooKie: sid=hunter2\r\nX-Set-Cookie: seen\r\nContent-Length: 0\r\n\r\n'

test('at every cut, exactly the value of Set-Cookie is hidden', () => {
  for (const reads of everySplit(Buffer.from(HEAD))) {
    const stretches: Stretch[] = []
    const xray = createXray(
      ({ start, end, layer, element }) => stretches.push([end - start, layer, element]),
      () => {},
    )
    const mask = createCookieMask()
    const shown = reads.map((read) => {
      const bytes = Buffer.from(read)
      xray.push('down', bytes)
      mask(bytes, stretches.splice(0))
      return bytes.toString()
    })
    expect(shown.join('')).toBe(HEAD.replace('sid=hunter2', '***********'))
  }
})
