import { createServer, type Socket } from 'node:net'

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
const END = '0\r\n\r\n'

/** One event of an answer, as OpenAI writes it, in a chunk of its own. */
export function chunkOf(content: string): string {
  const choices = [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }]
  const chunk = { id: 'chatcmpl-BxkR6', object: 'chat.completion.chunk', created: 1_795_000_000, model: 'm', choices }
  const event = `data: ${JSON.stringify(chunk)}\n\n`
  return `${event.length.toString(16)}\r\n${event}\r\n`
}

/** A server that answers any request with what `answer` writes; resolves with its port. */
export async function startOrigin(answer: (socket: Socket, end: () => void) => void): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {})
    socket.on('data', () => {
      socket.write(HEAD)
      answer(socket, () => void socket.write(END))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as { port: number }).port
}
