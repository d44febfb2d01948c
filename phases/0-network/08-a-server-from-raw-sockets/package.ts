import { type Handler, serve } from '@sse-from-scratch/http-raw'
import type { Listener } from '@sse-from-scratch/tcp-echo'
import type { CreateServer } from './contract.ts'

export const createServer: CreateServer = (handler) => {
  let listener: Listener | undefined
  const onRequest: Handler = async ({ method, target, fields, body }, respond) => {
    const headers = [...fields].map(([name, value]) => [name.toLowerCase(), value] as const)
    const response = await handler({ method, target, headers, body: await body.bytes() })
    await respond(response.status, response.headers ?? [], response.body ?? '')
  }
  return {
    async listen(port = 0) {
      listener = await serve(onRequest, { port, onError: () => {} })
      return listener.address.port
    },
    close: async () => listener?.[Symbol.asyncDispose](),
  }
}
