/** The fields that mean something (HTML §9.2.6). Names are compared as bytes: no text is made of them. */
export type FieldName = 'data' | 'event' | 'id' | 'retry'

const [A, D, E, I, N, R, T, V, Y] = [0x61, 0x64, 0x65, 0x69, 0x6e, 0x72, 0x74, 0x76, 0x79]

/** Which field a name is: "field names must be compared literally, with no case folding performed". */
export function fieldName(bytes: Uint8Array, from: number, to: number): FieldName | undefined {
  switch (to - from) {
    case 2:
      return isId(bytes, from) ? 'id' : undefined
    case 4:
      return isData(bytes, from) ? 'data' : undefined
    case 5:
      if (isEvent(bytes, from)) return 'event'
      return isRetry(bytes, from) ? 'retry' : undefined
    default:
      return undefined
  }
}

export function isId(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === I && bytes[at + 1] === D
}

export function isData(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === D && bytes[at + 1] === A && bytes[at + 2] === T && bytes[at + 3] === A
}

export function isEvent(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === E && bytes[at + 1] === V && bytes[at + 2] === E && bytes[at + 3] === N && bytes[at + 4] === T
}

function isRetry(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === R && bytes[at + 1] === E && bytes[at + 2] === T && bytes[at + 3] === R && bytes[at + 4] === Y
}
