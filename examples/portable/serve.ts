/**
 * One handler, `Request` in and `Response` out, on whatever runs this file: Deno, Bun, or Node with the adapter that
 * Hono uses. This is all that is different between them.
 */
export type FetchHandler = (request: Request) => Response | Promise<Response>

export interface FetchServer {
  readonly url: string
  stop(): Promise<void>
}

/** What is used of `Deno` and `Bun`; neither's types are installed here. */
interface Runtimes {
  readonly Deno?: {
    serve(
      options: { port: number; hostname: string; onListen: () => void },
      handler: FetchHandler,
    ): { readonly addr: { readonly port: number }; shutdown(): Promise<void> }
  }
  readonly Bun?: {
    serve(options: { port: number; hostname: string; idleTimeout: number; fetch: FetchHandler }): {
      readonly port: number
      stop(closeConnections: boolean): Promise<void>
    }
  }
}

const { Deno, Bun } = globalThis as unknown as Runtimes

export const RUNTIME: 'Deno' | 'Bun' | 'Node' = Deno ? 'Deno' : Bun ? 'Bun' : 'Node'

/** Listens on a free port of 127.0.0.1. */
export async function serveFetch(handler: FetchHandler): Promise<FetchServer> {
  const hostname = '127.0.0.1'
  if (Deno) {
    const server = Deno.serve({ port: 0, hostname, onListen: () => {} }, handler)
    return { url: `http://${hostname}:${server.addr.port}/`, stop: () => server.shutdown() }
  }
  if (Bun) {
    // Bun hangs up on a stream that was silent for 10 s, heartbeats come every 15: so its own timeout is turned off.
    const server = Bun.serve({ port: 0, hostname, idleTimeout: 0, fetch: handler })
    return { url: `http://${hostname}:${server.port}/`, stop: () => server.stop(false) }
  }
  return serveOnNode(handler, hostname)
}

async function serveOnNode(handler: FetchHandler, hostname: string): Promise<FetchServer> {
  const { createAdaptorServer } = await import('@hono/node-server')
  const server = createAdaptorServer({ fetch: handler })
  await new Promise<void>((resolve) => server.listen(0, hostname, resolve))
  const address = server.address()
  return {
    url: `http://${hostname}:${typeof address === 'object' ? address?.port : 0}/`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
