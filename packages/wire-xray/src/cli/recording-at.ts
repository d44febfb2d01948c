import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Recording, readRecordingFile } from '../recording/index.ts'
import { CommandError, isTheirs } from './command-error.ts'
import { sayMissing } from './say-missing.ts'
import type { Terminal } from './terminal.ts'

const MIB = 1024 * 1024

/** Bytes of a recording whose reading takes so long that somebody wonders. */
const LARGE: number = 16 * MIB

/**
 * The recording in a file, for a verb that needs the whole of it: says on stderr that a large one takes a while,
 * and what of it could not be read. Rejects with a CommandError that names the file when it is none.
 */
export async function recordingAt(path: string, terminal: Terminal): Promise<Recording> {
  try {
    const { size } = await stat(path)
    if (size > LARGE) terminal.stderr.write(`Reading ${basename(path)}, ${Math.round(size / MIB)} MiB…\n`)
    return sayMissing(await readRecordingFile(path), terminal)
  } catch (error) {
    throw isTheirs(error) ? new CommandError(`${path}: ${(error as Error).message}`) : error
  }
}
