import type { Tool } from './peers.ts'
import { type RealProxy, startRealProxy } from './real-proxy.ts'

export interface HaproxyOptions {
  /** Where requests are passed to: a port of 127.0.0.1. */
  readonly upstream: number
  /** Lines for the section `defaults`, for example "option http-no-delay". Without any there are only the three timeouts. */
  readonly defaults?: string
  readonly tool?: Tool
}

/** Starts HAProxy in front of a server. */
export function startHaproxy({ upstream, defaults = '', tool }: HaproxyOptions): Promise<RealProxy> {
  return startRealProxy({
    name: 'haproxy',
    tool,
    configuration: (port) => `
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  ${defaults}
frontend front
  bind 127.0.0.1:${port}
  default_backend back
backend back
  server origin 127.0.0.1:${upstream}
`,
    args: (config) => ['-W', '-db', '-f', config],
    ready: /Loading success/,
    taken: /Address already in use|cannot bind socket/,
  })
}
