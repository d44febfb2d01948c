import type { Session } from '@sse-from-scratch/sse-server'
import { encodeEvent } from '@sse-from-scratch/sse-server'
import { openSession, serve } from '@sse-from-scratch/sse-server/raw'
import type { CreateSseServer } from './contract.ts'

export const createSseServer: CreateSseServer = (on) => {
  const sessions = new Set<Session>()
  let close = async () => {}
  return {
    async listen(port = 0) {
      const server = await serve(
        async (request, respond) => {
          const session = await openSession(request, respond)
          sessions.add(session)
          on({
            send: (event) => void session.send(encodeEvent(event)),
            end: () => void session.end(),
            signal: session.signal,
          })
          await session.closed
          sessions.delete(session)
        },
        { port, onError() {} },
      )
      close = () => server.close()
      return server.address.port
    },
    async close() {
      const closed = close()
      for (const session of sessions) void session.end()
      await closed
    },
  }
}
