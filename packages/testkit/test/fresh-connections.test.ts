import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'

const server = createServer((_, response) => response.end('ok'))
let connections = 0
let url = ''

beforeAll(async () => {
  server.on('connection', () => connections++)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(() => server.close())

test.for([1, 2, 3])('test %i gets no connection of the test before it', async (nth) => {
  await (await fetch(url)).text()
  const [response] = (await once(get(url), 'response')) as [IncomingMessage]
  await once(response.resume(), 'end')
  expect(connections).toBe(nth * 2) // one of fetch, one of node:http
})
