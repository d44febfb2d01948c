import { createChunkedDecoder } from '@sse-from-scratch/chunked'
import type { Diagnose, Diagnosis } from './contract.ts'

const LF = 0x0a

export const diagnose: Diagnose = (body) => {
  const decoder = createChunkedDecoder({ bodySize: 16 * 1024 * 1024 })
  let at = 0
  try {
    // Byte by byte, since the exercise tells apart what stands where the package has one code.
    for (; at < body.length && decoder.state !== 'done'; at++) decoder.push(body.subarray(at, at + 1), () => {})
    decoder.end(() => {})
    return 'ok'
  } catch (error) {
    return inOurWords((error as { code: string }).code, body[at])
  }
}

function inOurWords(code: string, byte: number | undefined): Diagnosis {
  if (code === 'CHUNKED_INCOMPLETE') return 'truncated'
  if (code === 'HTTP_BODY_TOO_LARGE') return 'too-large'
  if (byte === LF) return 'bare-lf'
  if (code === 'CHUNKED_BAD_DELIMITER') return 'missing-crlf'
  const isDigit = byte !== undefined && /[0-9a-f]/i.test(String.fromCharCode(byte))
  return isDigit ? 'too-large' : 'bad-size' // a digit is refused when the number can no longer be counted
}
