import { basename } from 'node:path'
import type { Tool } from './peers.ts'
import { type RealProxy, startRealProxy } from './real-proxy.ts'

export interface SquidOptions {
  /** Where requests are passed to: a port of 127.0.0.1. */
  readonly upstream: number
  /** Lines of its configuration, for example "read_timeout 2 seconds". */
  readonly lines?: string
  readonly tool?: Tool
}

/** Starts Squid in front of a server ("accelerator"), without a store on disk. */
export function startSquid({ upstream, lines = '', tool }: SquidOptions): Promise<RealProxy> {
  return startRealProxy({
    name: 'squid',
    tool,
    configuration: (port) => `
http_port 127.0.0.1:${port} accel defaultsite=localhost no-vhost
cache_peer 127.0.0.1 parent ${upstream} 0 no-query no-digest originserver
http_access allow all
never_direct allow all
visible_hostname localhost
cache_mem 8 MB
memory_pools off
pid_filename none
access_log none
cache_log /dev/null
pinger_enable off
shutdown_lifetime 0 seconds
${lines}
`,
    // its shared memory has the name of the service, which has letters and digits only
    args: (config, folder) => ['-N', '-d', '1', '-n', basename(folder).replace(/[^a-z0-9]/gi, ''), '-f', config],
    ready: /Accepting reverse-proxy HTTP Socket connections/,
    taken: /Address already in use|Unable to open HTTP Socket/,
  })
}
