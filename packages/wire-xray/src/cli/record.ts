import type { Writable } from 'node:stream'
import { openRecordingFile, type RecordedRead } from '../recording/index.ts'
import { CommandError } from './command-error.ts'

/** A recording of what goes by, whose secrets are stars already. */
export interface ProxyRecording {
  readonly take: (entry: RecordedRead) => void
  /** Resolves when everything is on the disk, or when it has been said why not. */
  close(): Promise<void>
}

/** Rejects with a CommandError when the file cannot be made. */
export async function recordTo(
  path: string | undefined,
  target: string,
  stderr: Writable,
): Promise<ProxyRecording | undefined> {
  if (path === undefined) return undefined
  const onError = ({ message }: Error) =>
    stderr.write(`${path} cannot be written on (${message}): the traffic goes on.\n`)
  const file = await openRecordingFile(path, { target, onError }).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(
      error.code === 'EEXIST' ? `${path} is there already: nothing is written over` : error.message,
    )
  })
  return {
    take: file.next(),
    close: () => file.close().catch(() => {}), // has been said
  }
}
