import { request, serve } from '@sse-from-scratch/http-raw'
import { expect, test } from 'vitest'

test('a request body of Content-Length: 0 is read at once: nobody waits for its first byte', async () => {
  await using server = await serve(async ({ body }, respond) => void (await respond(200, {}, `<${await body.text()}>`)))
  await using response = await request(`http://127.0.0.1:${server.address.port}/`, { method: 'POST', body: '' })
  expect(await response.body.text()).toBe('<>')
})
