import { open } from 'node:fs/promises'
import { LlmError } from '@sse-from-scratch/llm-stream'
import { parseRecording, type Recording } from '@sse-from-scratch/llm-stream/recording'

/** Bytes of a recording that is read into memory, unless told otherwise. */
export const MAX_RECORDING: number = 256 * 1024 * 1024

/**
 * Reads a recording file (`.xray.jsonl`). One that was cut in the middle of a line is read up to there, and says so (`cut`);
 * lines in its middle that are broken are left out, and named (`skipped`).
 *
 * Rejects with `LLM_BAD_RECORDING` for what is no recording, of another version, or larger than `maxSize` bytes (256 MiB);
 * and with the error of node:fs when the file cannot be read.
 */
export async function readRecordingFile(path: string, maxSize: number = MAX_RECORDING): Promise<Recording> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    if (size > maxSize) throw new LlmError('LLM_BAD_RECORDING', `a recording of more than ${maxSize} bytes`)
    return parseRecording(await file.readFile('utf8'))
  } finally {
    await file.close()
  }
}
