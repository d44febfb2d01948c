import { Writable } from 'node:stream'

/** An output for readline that can be told to keep still, while somebody else writes there. */
export interface Echo extends Writable {
  muted: boolean
}

export function createEcho(output: Writable & { readonly columns?: number }): Echo {
  const echo = new Writable({
    write(bytes, _encoding, done) {
      if (!echo.muted && output.writable) output.write(bytes)
      done()
    },
  }) as Echo
  echo.muted = false
  // Without a width nothing is ever wrapped: readline would otherwise go back up over lines that it has not written.
  Object.defineProperty(echo, 'columns', { get: () => (echo.muted ? undefined : output.columns) })
  return echo
}
