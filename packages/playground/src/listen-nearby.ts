import { type Listener, TcpError } from '@sse-from-scratch/tcp-echo'

/** The port tried first when none is asked for. */
export const FIRST_PORT: number = 8080

/** How many ports are tried, one after the other. */
export const PORTS_TRIED: number = 20

/**
 * Listens on `port`, or, without one, on {@link FIRST_PORT} or the next that is free.
 *
 * @throws Error with a sentence for the user when there is no port to be had.
 */
export async function listenNearby(
  listen: (port: number) => Promise<Listener>,
  port: number | undefined,
  first: number = FIRST_PORT,
): Promise<Listener> {
  const last = port ?? first + PORTS_TRIED - 1
  for (let candidate = port ?? first; candidate <= last; candidate++) {
    try {
      return await listen(candidate)
    } catch (error) {
      if (errnoOf(error) === 'EACCES')
        throw new Error(`This user may not listen on port ${candidate}. Try --port 8080.`)
      if (errnoOf(error) === 'EADDRNOTAVAIL' || errnoOf(error) === 'ENOTFOUND')
        throw new Error('This machine does not have the address of --host. Leave it out for 127.0.0.1.')
      if (errnoOf(error) !== 'EADDRINUSE') throw error
    }
  }
  if (port === undefined) throw new Error(`The ports ${first} to ${last} are all taken. Try --port 0 for any free one.`)
  throw new Error(`Port ${port} is taken by another program. Leave --port out, or use --port 0 for any free one.`)
}

function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof TcpError)) return undefined
  return (error.cause as NodeJS.ErrnoException | undefined)?.code
}
