import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { DecoderModule } from '../quiz/contracts.ts'
import { CommandError } from './command-error.ts'

/** Loads somebody's decoder. Rejects with a CommandError for a file that is none, or cannot be loaded. */
export async function decoderModule(path: string): Promise<DecoderModule> {
  const module: unknown = await import(pathToFileURL(resolve(path)).href).catch((error: Error) => {
    const hint = path.endsWith('.ts') ? ' (TypeScript needs npm run xray, or Node 22.18)' : ''
    throw new CommandError(`--decoder ${path} cannot be loaded: ${error.message}${hint}`)
  })
  const { createChunkDecoder, createSseParser } = module as DecoderModule
  if (typeof createChunkDecoder === 'function' || typeof createSseParser === 'function') return module as DecoderModule
  throw new CommandError(
    `--decoder ${path} exports neither createChunkDecoder (exercise 1.4) nor createSseParser (2.3)`,
  )
}
