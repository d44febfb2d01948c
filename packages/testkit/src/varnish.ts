import type { Tool } from './peers.ts'
import { type RealProxy, startRealProxy } from './real-proxy.ts'

export interface VarnishOptions {
  /** Where requests are passed to: a port of 127.0.0.1. */
  readonly upstream: number
  /** Statements of VCL for `vcl_backend_response`, for example "set beresp.do_gzip = true;". */
  readonly backendResponse?: string
  /** Attributes of the backend, for example ".between_bytes_timeout = 2s;". */
  readonly backend?: string
  readonly tool?: Tool
}

/** Starts Varnish in front of a server. */
export function startVarnish({
  upstream,
  backendResponse = '',
  backend = '',
  tool,
}: VarnishOptions): Promise<RealProxy> {
  return startRealProxy({
    name: 'varnish',
    tool,
    configuration: () => `vcl 4.1;
backend default { .host = "127.0.0.1"; .port = "${upstream}"; ${backend} }
sub vcl_backend_response { ${backendResponse} }
`,
    args: (config, folder, port) => [
      ...['-F', '-n', folder, '-f', config, '-a', `127.0.0.1:${port}`],
      ...['-T', 'none', '-s', 'malloc,16m', '-j', 'none'],
    ],
    ready: /Child starts/,
    taken: /Address already in use|Could not get socket/,
  })
}
