import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { type ConnectionOptions, connect as tlsConnect } from 'node:tls'
import { type Connection, foundOrFailed, fromSocket, TcpError, toTcpError } from '@sse-from-scratch/tcp-echo'
import { LONGEST_TIMER, milliseconds } from '@sse-from-scratch/tcp-echo/limits'
import { attempt } from './attempt.ts'
import type { DialOptions } from './dial.ts'

/** What TLS runs over: a TCP connection still to be opened, or anything that carries bytes both ways. */
export type TlsTransport = { readonly host: string; readonly port: number } | { readonly socket: Duplex }

/**
 * Speaks TLS with `host`; rejects with a `TcpError`, or with the signal's reason. The certificate is verified against the
 * name; HTTP/1.1 is what is asked for (RFC 7301).
 */
export async function dialTls(transport: TlsTransport, host: string, options: DialOptions): Promise<Connection> {
  const time = milliseconds('connectTimeout', options.connectTimeout ?? 10_000)
  const late = () => new TcpError('TCP_TIMEOUT', `no TLS with ${host} in ${time} ms`)
  const tlsOptions: ConnectionOptions = {
    ...transport,
    ...identityOf(host),
    ALPNProtocols: ['http/1.1'],
    ...addressing(options),
    ...options.tls,
  }
  return attempt((own) => handshake(tlsOptions, host, options, own), { signals: [options.signal], time, late })
}

async function handshake(
  tlsOptions: ConnectionOptions,
  host: string,
  options: DialOptions,
  signal: AbortSignal,
): Promise<Connection> {
  const socket = tlsConnect(tlsOptions)
  try {
    return await new Promise<Connection>((resolve, reject) => {
      socket.once('secureConnect', () => resolve(fromSocket(socket, options)))
      socket.on('error', (cause) => reject(handshakeError(cause, host)))
      socket.once('close', () => reject(new TcpError('TCP_CLOSED', `${host} closed during the TLS handshake`)))
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/** How node:net goes from a name to an address, where there is a connection to be opened: as tcp-echo does it. */
function addressing({ attemptTimeout = 250, lookup }: DialOptions): object {
  return {
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: milliseconds('attemptTimeout', attemptTimeout) || LONGEST_TIMER,
    ...(lookup && { lookup: foundOrFailed(lookup) }),
  }
}

/** Who it must prove to be. RFC 6066 §3: what is sent as a server name is a name, never an address. */
function identityOf(host: string): ConnectionOptions {
  return isIP(host) ? { host } : { servername: host.replace(/\.$/, '') }
}

/** The words of the operating system where there are some; everything about certificates is `TCP_FAILED`. */
function handshakeError(cause: Error, host: string): TcpError {
  const { code, message } = toTcpError(cause)
  return new TcpError(code, `TLS with ${host} failed: ${message}`, { cause })
}
