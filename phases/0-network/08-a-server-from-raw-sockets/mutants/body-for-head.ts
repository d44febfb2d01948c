import { once } from 'node:events'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'
import { encodeResponseHead, Fields, parseRequestHead, persists, reasonPhrase } from '@sse-from-scratch/http-raw'
import type { CreateServer, Handler, RawRequest, RawResponse } from '../contract.ts'

export const createServer: CreateServer = (handler) => {
  const open = new Set<Socket>()
  const server = createTcpServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket)
    socket.on('error', () => {}).on('close', () => open.delete(socket))
    converse(socket, handler).catch(() => socket.end(encode({ status: 400 }, 'GET', false))) // no request: where would the next begin?
  })
  return {
    async listen(port = 0) {
      await once(server.listen(port, '127.0.0.1'), 'listening')
      return (server.address() as AddressInfo).port
    },
    async close() {
      for (const socket of open) socket.destroy()
      await once(server.close(), 'close')
    },
  }
}

async function converse(socket: Socket, handler: Handler): Promise<void> {
  const answer = async (request: RawRequest) => handler(request)
  let came: Uint8Array = new Uint8Array(0)
  for await (const bytes of socket.iterator({ destroyOnReturn: false })) {
    came = Buffer.concat([came, bytes])
    for (let next = take(came); next !== undefined; next = take(came)) {
      came = next.rest // a read may hold half a request, or three
      // One after the other, so that answers come in the order of the requests. What went wrong is for the log, not for strangers.
      const response = await answer(next.request).catch(() => ({ status: 500 }))
      socket.write(encode(response, next.request.method, next.keep))
      if (!next.keep) return void socket.end()
    }
  }
  socket.end()
}

/** The first request of what has come, if it is whole. @throws when it is none */
function take(bytes: Uint8Array): { request: RawRequest; rest: Uint8Array; keep: boolean } | undefined {
  const end = Buffer.from(bytes).indexOf('\r\n\r\n') + 4
  if (end < 4) return undefined
  const head = parseRequestHead(Buffer.from(bytes.subarray(0, end)).toString('latin1'))
  const length = head.fields.get('content-length') ?? '0'
  if (!/^\d+$/.test(length) || head.fields.get('transfer-encoding')) throw new Error('a body whose end we do not know')
  if (bytes.length < end + Number(length)) return undefined
  const { method, target, fields } = head
  const headers = [...fields].map(([name, value]) => [name.toLowerCase(), value] as const)
  const body = bytes.subarray(end, end + Number(length))
  return { request: { method, target, headers, body }, rest: bytes.subarray(end + body.length), keep: persists(head) }
}

function encode({ status, headers = [], body = '' }: RawResponse, _method: string, keep: boolean): Uint8Array {
  const bytes = Buffer.from(body as string) // a text or bytes: it takes both
  const own = [['Content-Length', `${bytes.length}`] as const, ...(keep ? [] : [['Connection', 'close'] as const])]
  const fields = new Fields([...headers, ...own])
  const head = encodeResponseHead({ version: '1.1', status, reason: reasonPhrase(status), fields })
  return Buffer.concat([head, bytes])
}
