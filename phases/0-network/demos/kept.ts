/** What a transport has kept of the messages that were sent through it. */
export interface Kept {
  /** Each read was exactly one message. */
  readonly edges: boolean
  /** No message came before one that was sent earlier. */
  readonly order: boolean
  /** How many came. */
  readonly arrived: number
}

/** Compares what was sent, no message twice, with what was read. Each message is to be found by `pattern`, also in a longer text. */
export function whatWasKept(sent: readonly string[], reads: readonly string[], pattern: RegExp): Kept {
  const came = reads.join('').match(pattern) ?? []
  const places = came.map((message) => sent.indexOf(message)).filter((place) => place >= 0)
  return {
    edges: reads.every((read) => sent.includes(read)),
    order: places.every((place, i) => i === 0 || place > (places[i - 1] as number)),
    arrived: new Set(places).size,
  }
}
