import type { RecordedRead } from '../recorded-read.ts'
import { openRecordingFile } from '../recording-file.ts'
import { CommandError } from './command-error.ts'
import type { Terminal } from './conclude.ts'
import { say } from './say.ts'

/** Where `--record` writes to, if it is there. */
export interface Recorded {
  /** What the next answer is given as `record`. */
  readonly next?: () => (entry: RecordedRead) => void
  close(): Promise<void>
}

/** Rejects with a CommandError when the file cannot be made. */
export async function recordTo(
  path: string | undefined,
  baseUrl: string,
  stderr: Terminal['stderr'],
): Promise<Recorded> {
  if (path === undefined) return { close: async () => {} }
  const file = await openRecordingFile(path, { target: new URL(baseUrl).origin }).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException
    throw new CommandError(code === 'EEXIST' ? `${path} is there already: nothing is written over` : message)
  })
  return {
    next: file.next,
    close: () => file.close().catch((error: Error) => say(stderr, `The recording is not whole: ${error.message}`)),
  }
}
