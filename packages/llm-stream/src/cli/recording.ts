import { readFile, stat } from 'node:fs/promises'
import { parseRecording, type Recording } from '../recording.ts'
import { CommandError } from './command-error.ts'

/** Bytes of a recording that is read into memory. */
const MAX_RECORDING: number = 256 * 1024 * 1024

/** Rejects with a CommandError for a file that cannot be read, and with `LLM_BAD_RECORDING` for one that is no recording. */
export async function readRecording(path: string): Promise<Recording> {
  const text = await readText(path).catch((error: unknown) => {
    throw error instanceof CommandError
      ? error
      : new CommandError(`${path} cannot be read: ${(error as Error).message}`)
  })
  return parseRecording(text)
}

async function readText(path: string): Promise<string> {
  const { size } = await stat(path)
  if (size > MAX_RECORDING) throw new CommandError(`${path} has more than ${MAX_RECORDING} bytes`)
  return readFile(path, 'utf8')
}
