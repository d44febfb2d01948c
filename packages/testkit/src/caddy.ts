import type { Tool } from './peers.ts'
import { type RealProxy, startRealProxy } from './real-proxy.ts'

export interface CaddyOptions {
  /** Where requests are passed to: a port of 127.0.0.1. */
  readonly upstream: number
  /** Directives of the site, for example "encode gzip". */
  readonly site?: string
  /** Directives of `reverse_proxy`, for example "flush_interval -1". */
  readonly proxy?: string
  readonly tool?: Tool
}

/** Starts Caddy in front of a server. */
export function startCaddy({ upstream, site = '', proxy = '', tool }: CaddyOptions): Promise<RealProxy> {
  return startRealProxy({
    name: 'caddy',
    tool,
    configuration: (port) => `
{
  admin off
  auto_https off
}
http://:${port} {
  bind 127.0.0.1
  ${site}
  reverse_proxy 127.0.0.1:${upstream} {
    ${proxy}
  }
}
`,
    args: (config) => ['run', '--config', config, '--adapter', 'caddyfile'],
    ready: /serving initial configuration/,
    taken: /address already in use/,
  })
}
