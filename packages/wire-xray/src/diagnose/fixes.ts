import type { Hop, Product } from './hop-of.ts'

/** What to write where, by product. */
type Lines = Readonly<Partial<Record<Product, string>>>

/** A sentence, and the lines for the products that show in the answer; for all that have one if none of them does. */
export function fixFor(sentence: string, lines: Lines, { products }: Hop): string {
  const known = products.flatMap((product) => (lines[product] === undefined ? [] : [[product, lines[product]]]))
  const shown = known.length === 0 ? Object.entries(lines) : known
  return [sentence, ...shown.map(([name, line]) => `${name}: ${line}`)].join('\n')
}

/** A hop that keeps what it gets until it has enough of it. */
export const DO_NOT_BUFFER: Lines = {
  nginx: 'proxy_buffering off;   (or let the server send X-Accel-Buffering: no)',
  Apache: 'ProxyPass … flushpackets=on',
  Varnish: 'set beresp.do_stream = true; and no set beresp.do_gzip = true;   (vcl_backend_response)',
  Caddy: 'reverse_proxy … { flush_interval -1 }',
  Envoy: 'no envoy.filters.http.buffer for this route',
}

/** A hop that compresses and does not flush. */
export const DO_NOT_COMPRESS: Lines = {
  nginx: 'no text/event-stream in gzip_types, or proxy_buffering off;',
  Apache: 'no text/event-stream in AddOutputFilterByType DEFLATE',
  Varnish: 'no set beresp.do_gzip = true; for Content-Type text/event-stream',
  Caddy: 'encode { gzip match { not header Content-Type text/event-stream* } }, or 2.9 and later',
  HAProxy: 'no text/event-stream in compression type',
}

/** A socket that is corked for 200 ms. */
export const DO_NOT_CORK: Lines = { HAProxy: 'option http-no-delay' }

/** How long a hop waits for the next byte. */
export const IDLE_TIMEOUT: Lines = {
  nginx: 'proxy_read_timeout 3600s;',
  HAProxy: 'timeout server 1h and timeout client 1h (timeout tunnel does not count here)',
  Apache: 'ProxyTimeout 3600',
  Varnish: '.between_bytes_timeout = 3600s;   (backend)',
  Caddy: 'transport http { read_timeout 1h }',
  Squid: 'read_timeout 1 hour',
}

/** A hop that keeps answers for others. */
export const DO_NOT_CACHE: Lines = {
  nginx: 'proxy_cache off;',
  Varnish: 'return (pass);   (vcl_recv, for this path)',
  Apache: 'CacheDisable /path',
  Squid: 'cache deny …',
}
