import { TcpError, type TcpErrorCode } from '@sse-from-scratch/tcp-echo'
import { printable } from '../printable.ts'

const WHAT_TO_DO: Partial<Readonly<Record<TcpErrorCode, string>>> = {
  TCP_REFUSED: 'nothing listens there; is it running?',
  TCP_UNREACHABLE: 'is the name right, and is there a network?',
  TCP_TIMEOUT: 'it did not answer',
}

/** One sentence for people about a target that could not be reached. */
export function unreachable(origin: string, error: unknown): string {
  if (isNoTls(error)) return `xray: ${origin} cannot be reached: it does not speak TLS there; is it http: instead?`
  const advice = error instanceof TcpError ? WHAT_TO_DO[error.code] : undefined
  const message = printable(error instanceof Error ? error.message : String(error), 200)
  return `xray: ${origin} cannot be reached: ${advice ? `${advice} (${message})` : message}`
}

/** What came is no record of TLS. OpenSSL says that in words that no reader of ours should have to know. */
function isNoTls(error: unknown): boolean {
  const cause = error instanceof TcpError ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && cause.code === 'ERR_SSL_WRONG_VERSION_NUMBER'
}
