/** The same work, but one at a time: whoever asks while it is under way gets what is under way. */
export function shared(work: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | undefined
  return () => {
    current ??= work().finally(() => {
      current = undefined
    })
    return current
  }
}
