import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A client that says exactly what it is told and shows every byte of the answer. */
export interface Wire extends AsyncDisposable {
  readonly socket: Socket
  /** Waits until the answer so far holds `text`; resolves with all of it. */
  until(text: string): Promise<string>
  /** The whole answer, once the server has sent its FIN; rejects if it sends RST. */
  readonly end: Promise<string>
}

export async function wire(port: number, request: string): Promise<Wire> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  let arrived = () => {}
  const end = new Promise<string>((resolve, reject) => {
    socket.on('end', () => resolve(answer)).on('error', reject)
  })
  end.catch(() => {}) // not every test looks
  socket.setEncoding('latin1').on('data', (text) => {
    answer += text
    arrived()
  })
  await once(socket, 'connect')
  socket.write(request, 'latin1')
  return {
    socket,
    end,
    async until(text) {
      while (!answer.includes(text)) {
        const more = new Promise<void>((resolve) => {
          arrived = resolve
        })
        await Promise.race([more, end.then(() => Promise.reject(new Error(`ended without ${text}: ${answer}`)))])
      }
      return answer
    },
    async [Symbol.asyncDispose]() {
      socket.destroy()
    },
  }
}

export const get = (...fields: string[]) => ['GET / HTTP/1.1', 'Host: test', ...fields, '', ''].join('\r\n')
