import { findTool, startNginx, toolVersion } from '@sse-from-scratch/testkit'
import { startImitation } from './imitation.ts'

/** What stands between the client and the server. */
export interface Hop extends AsyncDisposable {
  readonly port: number
}

/** Directives, and what the server behind them is like: only the imitation needs to be told. */
export interface HopOptions {
  /** Where requests are passed to: a port of 127.0.0.1. */
  readonly upstream: number
  /** For `location /`, behind `proxy_pass`. */
  readonly location: string
  /** For the block `http`. */
  readonly http: string
}

const nginx = findTool('nginx')

/** Which hop it is: to be shown wherever something was measured. */
export const HOP: string = nginx
  ? `nginx ${toolVersion(nginx)}`
  : "wire-xray's imitation of nginx, since there is none here"

/**
 * The real nginx where there is one, and else an imitation.
 *
 * @throws Error with nginx's own words when it refuses its configuration
 */
export async function startHop(options: HopOptions): Promise<Hop> {
  if (nginx === undefined) return await startImitation(options)
  try {
    return await startNginx({ ...options, tool: nginx })
  } catch (error) {
    const [, words] = /\[emerg\] [\d#]+: (.*?)(?: in \/.*)?$/m.exec(String(error)) ?? []
    throw words === undefined ? error : new Error(`nginx refuses it: ${words}`)
  }
}
