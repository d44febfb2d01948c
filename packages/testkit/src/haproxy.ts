import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Certificate } from './certificate.ts'
import type { Tool } from './peers.ts'
import { type RealProxy, startRealProxy } from './real-proxy.ts'

export interface HaproxyOptions {
  /** Where requests are passed to: a port of 127.0.0.1. */
  readonly upstream: number
  /** Lines for the section `defaults`, for example "option http-no-delay". Without any there are only the three timeouts. */
  readonly defaults?: string
  /** Speaks TLS to its clients, with this certificate. */
  readonly certificate?: Certificate
  /** What it offers to clients in TLS, for example "h2,http/1.1". Default: "http/1.1". */
  readonly alpn?: string
  readonly tool?: Tool
}

/** Starts HAProxy in front of a server. */
export function startHaproxy(options: HaproxyOptions): Promise<RealProxy> {
  const { upstream, defaults = '', certificate, alpn = 'http/1.1', tool } = options
  return startRealProxy({
    name: 'haproxy',
    tool,
    prepare: async (folder) => {
      if (certificate !== undefined) await writeFile(pemIn(folder), certificate.cert + certificate.key, { mode: 0o600 })
    },
    configuration: (port, folder) => `
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  ${defaults}
frontend front
  bind 127.0.0.1:${port}${certificate === undefined ? '' : ` ssl crt ${pemIn(folder)} alpn ${alpn}`}
  default_backend back
backend back
  server origin 127.0.0.1:${upstream}
`,
    args: (config) => ['-W', '-db', '-f', config],
    ready: /Loading success/,
    taken: /Address already in use|cannot bind socket/,
  })
}

function pemIn(folder: string): string {
  return join(folder, 'front.pem')
}
