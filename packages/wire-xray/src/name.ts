import { ELEMENTS } from './elements.ts'
import type { Found } from './finding.ts'
import type { Layer } from './span.ts'

/** What a byte is called. There is one object for each name: compare them by identity. */
export interface Name {
  readonly layer: Layer
  readonly element: string
}

const NAMES: ReadonlyMap<string, Name> = new Map(
  Object.entries(ELEMENTS).flatMap(([layer, elements]) =>
    Object.keys(elements).map((element): [string, Name] => [
      `${layer} ${element}`,
      Object.freeze({ layer: layer as Layer, element }),
    ]),
  ),
)

/** The name that the glossary explains. For tables made once: it is looked up. */
export function nameOf(layer: Layer, element: string): Name {
  const name = NAMES.get(`${layer} ${element}`)
  if (!name) throw new TypeError(`the glossary has no ${layer} ${element}`)
  return name
}

/** Content we do not look into. */
export const MESSAGE_BODY: Name = nameOf('body', 'message-body')
/** Behind a 101, or a CONNECT that succeeded: no longer HTTP. */
export const TUNNEL: Name = nameOf('body', 'tunnel')
/** The first byte a decoder refused, and all behind it. */
export const UNREADABLE: Name = nameOf('body', 'unreadable')

/** Names the next bytes of a direction: so many, and all of them the same. */
export type Put = (name: Name, size: number) => void

/** Reports a finding of one direction. It is heard when its last byte has been named. */
export type Find = (found: Found) => void

/** Names the bytes of a message's content: what is left of its body without the framing. */
export interface ContentNamer {
  /** The next bytes, at the place it was made for. All are named when it returns. */
  push(bytes: Uint8Array): void
  /** The content is over: whole, or cut. */
  end(): void
}
