import type { ConnectionOptions } from 'node:tls'
import { type Connection, TcpError } from '@sse-from-scratch/tcp-echo'
import { milliseconds } from '@sse-from-scratch/tcp-echo/limits'
import { attempt } from './attempt.ts'
import { openTunnel } from './connect-request.ts'
import { type Dial, type DialOptions, dial, hostOf, portOf } from './dial.ts'
import { duplexOver } from './duplex.ts'
import { Fields, type FieldsInit } from './fields.ts'
import { type Limits, limitsOf } from './limits.ts'
import { proxyAddress } from './proxy-address.ts'
import { dialTls } from './tls.ts'

/** How a proxy is reached, and what it is told. */
export interface ProxyOptions {
  /** More to tell the proxy, User-Agent for example. */
  readonly fields?: FieldsInit
  /** For an `https:` proxy: its certificates and the like. Those of the server behind it are in the request's `tls`. */
  readonly tls?: ConnectionOptions
  /** Of the proxy's answer: `headSize`, `fieldCount`, `interimResponses`. */
  readonly limits?: Partial<Limits>
  /** How the proxy is reached. Default {@link dial}; give another proxy's to go through both. */
  readonly dial?: Dial
}

/**
 * A {@link Dial} by way of a proxy: it is asked for a tunnel (CONNECT, RFC 9110 §9.3.6), and TLS for `https:` goes through
 * that, so that the proxy sees neither request nor response. Also for `http:`, where the proxy sees both.
 *
 * A name and password in `proxy` go to it as Basic credentials (RFC 7617), and nowhere else. `TypeError` or `RangeError` for
 * what is no proxy. The dial rejects with `HTTP_PROXY_REFUSED` and the proxy's `status`, with the code of an answer that is
 * none, with a `TcpError`, or with the signal's reason; `connectTimeout` covers all of it.
 */
export function dialThroughProxy(proxy: string | URL, options: ProxyOptions = {}): Dial {
  const { url: proxyUrl, credentials } = proxyAddress(proxy)
  const fields = new Fields([...credentials, ...new Fields(options.fields)])
  const limits = limitsOf(options.limits)
  const dialProxy = options.dial ?? dial

  return async (url, dialOptions) => {
    const connectTimeout = milliseconds('connectTimeout', dialOptions.connectTimeout ?? 10_000)
    const authority = `${url.hostname}:${portOf(url)}`
    const late = () => new TcpError('TCP_TIMEOUT', `no tunnel to ${authority} in ${connectTimeout} ms`)
    return attempt(dialTunnel, { signals: [dialOptions.signal], time: connectTimeout, late })

    async function dialTunnel(signal: AbortSignal): Promise<Connection> {
      const common = { ...dialOptions, signal, connectTimeout: 0 } // there is one clock, and it is running
      const connection = await dialProxy(proxyUrl, { ...common, tls: options.tls ?? {} })
      const abort = () => connection.abort(signal.reason)
      signal.addEventListener('abort', abort, { once: true })
      if (signal.aborted) abort()
      try {
        await openTunnel(connection, authority, fields, limits)
        return url.protocol === 'https:' ? await tlsOver(connection, hostOf(url), common) : connection
      } catch (error) {
        connection.abort(error)
        throw signal.aborted ? signal.reason : error
      } finally {
        signal.removeEventListener('abort', abort)
      }
    }
  }
}

async function tlsOver(connection: Connection, host: string, options: DialOptions): Promise<Connection> {
  const secured = await dialTls({ socket: duplexOver(connection) }, host, options)
  // What may keep the process alive is the connection underneath.
  return Object.assign(secured, { ref: () => connection.ref?.(), unref: () => connection.unref?.() })
}
