import type { BodyEncoder } from './body.ts'

/**
 * A piece of body that is written to many bodies: a transfer coding frames it once for all of them.
 *
 * Never change its bytes.
 */
export class SharedPiece {
  readonly data: Uint8Array
  #framing: string | undefined
  #framed: readonly Uint8Array[] = []

  constructor(data: Uint8Array) {
    this.data = data
  }

  get length(): number {
    return this.data.length
  }

  /** What the encoder makes of it. Throws as the encoder does. */
  encodedBy(encoder: BodyEncoder): readonly Uint8Array[] {
    if (encoder.framing === undefined) return encoder.encode(this.data)
    if (this.#framing !== encoder.framing) {
      this.#framed = [Buffer.concat(encoder.encode(this.data))]
      this.#framing = encoder.framing
    }
    return this.#framed
  }
}
