import {
  type ApacheOptions,
  type CaddyOptions,
  type HaproxyOptions,
  type NginxOptions,
  startApache,
  startCaddy,
  startHaproxy,
  startNginx,
  startVarnish,
  type ToolName,
  type VarnishOptions,
} from '@sse-from-scratch/testkit'
import { startImitation } from './imitation.ts'

/** A program between the client and the server. */
export interface Hop {
  readonly program: ToolName
  /** What is in its configuration besides the address of the server. */
  readonly config: string
  /** What it does to a stream, as faults of wire-xray; undefined where that cannot be imitated. */
  readonly imitation: string | undefined
  start(upstream: number): Promise<StartedHop>
}

export interface StartedHop extends AsyncDisposable {
  readonly port: number
  /** What it wrote about trouble, where that is looked at. */
  errorLog?(): Promise<string>
}

type Own<Options> = Omit<Options, 'upstream' | 'tool'>

export function nginx(options: Own<NginxOptions> = {}, imitation?: string): Hop {
  const { http = '', location = '' } = options
  const lines = ['location / {', '  proxy_pass http://server;', ...(location ? [`  ${location}`] : []), '}']
  const config = [...(http ? [http] : []), ...lines].join('\n')
  return { program: 'nginx', config, imitation, start: (upstream) => startNginx({ ...options, upstream }) }
}

export function haproxy(options: Own<HaproxyOptions> = {}, imitation?: string): Hop {
  const { defaults = '', certificate, alpn = 'http/1.1' } = options
  const tls = certificate === undefined ? [] : [`bind :443 ssl crt site.pem alpn ${alpn}`]
  const config = ['mode http', ...(defaults ? [defaults] : []), ...tls].join('\n')
  return { program: 'haproxy', config, imitation, start: (upstream) => startHaproxy({ ...options, upstream }) }
}

export function caddy(options: Own<CaddyOptions> = {}, imitation?: string): Hop {
  const { site = '', proxy = '' } = options
  const config = [...(site ? [site] : []), proxy ? `reverse_proxy server {\n  ${proxy}\n}` : 'reverse_proxy server']
  return {
    program: 'caddy',
    config: config.join('\n'),
    imitation,
    start: (upstream) => startCaddy({ ...options, upstream }),
  }
}

export function apache(options: Own<ApacheOptions> = {}, imitation?: string): Hop {
  const { server = '' } = options
  const config = [...(server ? [server] : []), 'ProxyPass / http://server/'].join('\n')
  return { program: 'apache', config, imitation, start: (upstream) => startApache({ ...options, upstream }) }
}

export function varnish(options: Own<VarnishOptions> = {}, imitation?: string): Hop {
  const { backend = '', backendResponse = '' } = options
  const response = backendResponse ? [`sub vcl_backend_response { ${backendResponse} }`] : []
  const config = [`backend default { .host = "server"; ${backend}}`, ...response].join('\n')
  return { program: 'varnish', config, imitation, start: (upstream) => startVarnish({ ...options, upstream }) }
}

/** Starts hops, the first of them next to the client. */
export async function startHops(hops: readonly Hop[], upstream: number, imitate: boolean): Promise<StartedHop[]> {
  const started: StartedHop[] = []
  try {
    let port = upstream
    for (const hop of hops.toReversed()) {
      const next = imitate ? await startImitation(hop.imitation ?? '', port) : await hop.start(port)
      started.unshift(next)
      port = next.port
    }
    return started
  } catch (error) {
    for (const each of started) await each[Symbol.asyncDispose]()
    throw error
  }
}
