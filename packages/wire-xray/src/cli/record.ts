import { openRecordingFile, type RecordedRead, type RecordingFile } from '../recording/index.ts'
import { createSwitchedRecorder } from '../recording/switched-recorder.ts'
import { CommandError } from './command-error.ts'

/** A recording of what goes by, whose secrets are stars already, switched on and off. */
export interface RecordingSwitch {
  /** Where it is written to; undefined when it is off. */
  readonly path: string | undefined
  take(entry: RecordedRead): void
  /** Writes to a new file from here on. Rejects with a CommandError when that cannot be made. */
  start(path: string): Promise<void>
  /** Resolves when everything is on the disk, with what to say of that; with nothing when it is off, or it has been said why not. */
  stop(): Promise<string | undefined>
}

/** `say` tells people that the disk failed. */
export function createRecordingSwitch(target: string, say: (sentence: string) => void): RecordingSwitch {
  const recorder = createSwitchedRecorder()
  let file: RecordingFile | undefined
  let path: string | undefined

  function fail(where: string, error: Error): void {
    recorder.stop()
    if (where === path) path = undefined
    say(`${where} cannot be written on (${error.message}): the traffic goes on.`)
  }

  return {
    get path() {
      return path
    },
    take: recorder.take,
    async start(where) {
      file = await openRecordingFile(where, { target, onError: (error) => fail(where, error) }).catch(refuse(where))
      path = where
      recorder.start(file.next())
    },
    async stop() {
      const written = file
      recorder.stop()
      file = undefined
      await written?.close().catch(() => {}) // has been said
      const where = path // nowhere when the disk failed
      path = undefined
      return where && `Recorded in ${where}, which only you may read. xray explain ${where} reads it.`
    },
  }
}

function refuse(path: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    throw new CommandError(
      error.code === 'EEXIST' ? `${path} is there already: nothing is written over` : error.message,
    )
  }
}
