import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { DecoderModule } from '../quiz/contracts.ts'
import { CommandError } from './command-error.ts'

/** Loads somebody's decoder. Rejects with a CommandError for a file that is none, or cannot be loaded. */
export async function decoderModule(path: string): Promise<DecoderModule> {
  if (!existsSync(path)) throw new CommandError(`--decoder ${path}: there is no such file`)
  const module: unknown = await import(pathToFileURL(resolve(path)).href).catch((error: unknown) => {
    throw new CommandError(`--decoder ${path} cannot be loaded: ${reasonOf(error)}`)
  })
  const { createChunkDecoder, createSseParser } = module as DecoderModule
  if (typeof createChunkDecoder === 'function' || typeof createSseParser === 'function') return module as DecoderModule
  throw new CommandError(
    `--decoder ${path} exports neither createChunkDecoder (exercise 1.4) nor createSseParser (2.3)`,
  )
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return `it throws ${typeof error}`
  const needsLoader = 'code' in error && error.code === 'ERR_UNKNOWN_FILE_EXTENSION'
  return needsLoader ? 'TypeScript needs npm run xray, or Node 22.18' : error.message.replace(/\s*\n\s*/g, ' ')
}
