/**
 * Runs in a page: plays the streams at /case/0, /case/1 and so on to the EventSource there, each until it ends, and gives
 * what it heard; `types` has the types to listen to, for each stream. A browser opens six connections to a server.
 */
export async function hearAll(types: readonly (readonly string[])[]): Promise<object[][]> {
  const all: object[][] = types.map(() => [])
  let next = 0
  async function hearSome(): Promise<void> {
    for (let nth = next++; nth < types.length; nth = next++) await hear(nth)
  }
  function hear(nth: number): Promise<void> {
    return new Promise((resolve) => {
      const source = new EventSource(`/case/${nth}`)
      for (const type of new Set(['message', 'error', ...(types[nth] ?? [])])) {
        source.addEventListener(type, (event) => {
          if (event instanceof MessageEvent) {
            all[nth]?.push({ type, data: event.data, lastEventId: event.lastEventId })
          } else if (type === 'error') {
            source.close()
            resolve()
          }
        })
      }
    })
  }
  await Promise.all([1, 2, 3, 4, 5, 6].map(hearSome))
  return all
}
