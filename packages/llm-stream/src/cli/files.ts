import { open } from 'node:fs/promises'
import { CommandError } from './command-error.ts'

/** Bytes of one file that is sent along: more than any model reads at once. */
const MAX_FILE: number = 4 * 1024 * 1024

/** Text files as a model is shown them: each behind its name. Rejects with a CommandError for a file that is none. */
export async function readFiles(paths: readonly string[]): Promise<string> {
  const texts = await Promise.all(paths.map(readText))
  return paths.map((path, i) => `${path}:\n\n${texts[i]}`).join('\n\n')
}

async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path).catch((error: unknown) => {
    throw error instanceof CommandError
      ? error
      : new CommandError(`${path} cannot be read: ${(error as Error).message}`)
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim()
  } catch {
    throw new CommandError(`${path} is not a text in UTF-8`)
  }
}

/** One byte more than allowed at most, whatever the file system says about its size: /dev/zero has none. */
async function readBytes(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const bytes = new Uint8Array(MAX_FILE + 1)
    let size = 0
    for (;;) {
      const { bytesRead } = await file.read(bytes, size, bytes.length - size)
      size += bytesRead
      if (size > MAX_FILE) throw new CommandError(`${path} has more than ${MAX_FILE} bytes`)
      if (bytesRead === 0) return bytes.subarray(0, size)
    }
  } finally {
    await file.close()
  }
}
