import { LlmError } from '@sse-from-scratch/llm-stream'
import { TcpError } from '@sse-from-scratch/tcp-echo'

/** Something went wrong that is nobody's fault here; its message says what, and what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** Whether the file, the recording or the network is wrong, and not we. */
export function isTheirs(error: unknown): boolean {
  if (error instanceof LlmError || error instanceof TcpError || error instanceof TypeError) return true
  return error instanceof Error && 'syscall' in error
}
