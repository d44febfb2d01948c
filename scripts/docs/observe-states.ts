import { decode, type Step } from '../../packages/wire-xray/test/specimens/read.ts'
import { readSpecimens, specimenFiles } from '../../packages/wire-xray/test/specimens/specimen.ts'

/** A way from one state of a decoder to another, or to a refusal. */
export interface Transition {
  readonly from: string
  /** The next state, or the code of the error. */
  readonly to: string
  readonly refused: boolean
  /** The bytes that went this way. */
  readonly bytes: ReadonlySet<number>
}

/** What the specimens of a package, byte by byte, make its decoder do. `nameOf` may give several states one name. */
export function observeTransitions(name: string, nameOf: (state: string) => string): Transition[] {
  const seen = new Map<string, Transition & { readonly bytes: Set<number> }>()
  function note({ before, after, refused, byte }: Step): void {
    const from = nameOf(before)
    const to = refused ? after : nameOf(after)
    const key = `${from} ${to}`
    const transition = seen.get(key) ?? { from, to, refused, bytes: new Set() }
    transition.bytes.add(byte)
    seen.set(key, transition)
  }
  for (const file of specimenFiles().filter((path) => path.startsWith(`${name}/`))) {
    for (const specimen of readSpecimens(file)) {
      decode(
        specimen,
        Array.from(specimen.bytes, (byte) => Uint8Array.of(byte)),
        note,
      )
    }
  }
  return [...seen.values()]
}
