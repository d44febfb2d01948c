import type { XrayErrorCode } from './finding.ts'
import type { Refusal } from './refusal.ts'

/** `PRI * HTTP/2.0`: how an HTTP/2 client opens, so that an HTTP/1 server refuses it (RFC 9113 §3.4). */
const HTTP2_PREFACE = Array.from('PRI * HTTP/2.0\r\n', (char) => char.charCodeAt(0))

/** Bytes after which a stream is what it is. */
export const OPENING_SIZE: number = HTTP2_PREFACE.length

const TLS_HANDSHAKE = 22 // the content type of a ClientHello's and a ServerHello's record (RFC 8446 §5.1)

interface Foreign extends Refusal {
  readonly code: XrayErrorCode
}

/** Recognises, byte by byte, a stream that opens in another protocol than HTTP/1. */
export function createOpening(): (byte: number, offset: number) => Foreign | undefined {
  let preface = true
  return (byte, offset) => {
    if (offset === 0 && byte === TLS_HANDSHAKE) {
      return { code: 'XRAY_TLS', summary: 'a TLS handshake: what follows is encrypted' }
    }
    if (offset === 0 && !mayBeginMessage(byte)) {
      return { code: 'XRAY_NOT_HTTP', summary: `byte ${byte} cannot begin an HTTP/1 message` }
    }
    preface &&= byte === HTTP2_PREFACE[offset]
    if (!preface || offset < HTTP2_PREFACE.length - 1) return undefined
    return { code: 'XRAY_HTTP2', summary: 'the HTTP/2 connection preface: this x-ray reads HTTP/1' }
  }
}

/** A method, `HTTP/`, or an empty line: visible ASCII or CR, LF. (Which of it is right is for the decoder to say.) */
function mayBeginMessage(byte: number): boolean {
  return (byte > 32 && byte < 127) || byte === 13 || byte === 10
}
