import type { Finding } from '../finding.ts'

const SPEAKS_TLS = 'the client speaks TLS to this port: its base URL begins with http://, also if the target is https:'
const SPEAKS_HTTP2 = 'the client speaks HTTP/2: tell it to speak HTTP/1.1 (curl: --http1.1)'
const USES_PROXY = 'the client takes this for its HTTP proxy: give it as base URL instead, and not as http_proxy'

/** What to tell people whose client does not speak as it has to with a stand-in for a server; else `undefined`. */
export function adviceFor({ direction, kind, code, summary }: Finding): string | undefined {
  if (direction !== 'up') return undefined
  if (code === 'XRAY_TLS') return SPEAKS_TLS
  if (code === 'XRAY_HTTP2') return SPEAKS_HTTP2
  // RFC 9112 §3.2.2, §3.2.3: absolute-form and authority-form are for proxies.
  return kind === 'head' && /^(?:CONNECT|[^ ]+ https?:\/\/)/.test(summary) ? USES_PROXY : undefined
}
