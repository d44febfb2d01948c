import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { type Checked, check } from '../../src/check/check.ts'

async function checked(answer: RequestListener): Promise<ReadonlyMap<string, Checked>> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.closeAllConnections())
  onTestFinished(() => void server.close())
  const results = new Map<string, Checked>()
  for await (const each of check(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)) {
    results.set(each.name, each)
  }
  return results
}

test('silence before a cut counts as silence', async () => {
  const results = await checked((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    response.write('data: x\n\n')
    setTimeout(() => response.destroy(), 400)
  })
  expect(results.get('end')?.result).toBe('fail')
  expect(results.get('heartbeat')?.text).not.toMatch(/0\.[0-2] s/)
})

test('a page that is compressed is no stream without events', async () => {
  const results = await checked((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Encoding': 'gzip' }).end(gzipSync('<p>hello'))
  })
  expect([results.get('stream')?.result, results.get('gzip')?.result]).toEqual(['fail', 'skip'])
})
