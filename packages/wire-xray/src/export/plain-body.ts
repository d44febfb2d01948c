import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { TimedPiece } from './exchanges.ts'

/** Bytes of one body that are decompressed: what is larger stays compressed. */
const MOST = 64 * 1024 * 1024

const DECODERS: Readonly<Record<string, () => Decompressor>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

type Decompressor = ReturnType<typeof createGunzip> | ReturnType<typeof createBrotliDecompress>

/**
 * A body without its content codings (RFC 9110 §8.4), each piece at the time of the read that carried it. `undefined` for
 * a coding that is not known, for more than 64 MiB, and for what is not compressed as it says. One that is cut is read as
 * far as it goes.
 */
export async function plainPieces(
  pieces: readonly TimedPiece[],
  codings: readonly string[],
): Promise<readonly TimedPiece[] | undefined> {
  const applied = codings.filter((coding) => coding !== 'identity').toReversed() // the last one is the outermost
  let plain: readonly TimedPiece[] | undefined = pieces
  for (const coding of applied) plain = plain && (await decompressed(plain, coding.toLowerCase()))
  return plain
}

async function decompressed(pieces: readonly TimedPiece[], coding: string): Promise<readonly TimedPiece[] | undefined> {
  const create = DECODERS[coding]
  if (!create) return undefined
  const stream = create()
  const found: TimedPiece[] = []
  let at = 0
  let size = 0
  let isBad = false
  stream.on('data', (bytes: Uint8Array) => {
    size += bytes.length
    found.push({ at, bytes })
  })
  stream.on('error', () => {
    isBad = true
  })
  for (const piece of pieces) {
    at = piece.at
    if (!isBad && size <= MOST) await taken(stream, piece.bytes)
  }
  stream.destroy()
  return isBad || size > MOST ? undefined : found
}

/** Resolves when all that the bytes amount to has come out. */
async function taken(stream: Decompressor, bytes: Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => stream.write(bytes, () => resolve()))
}
