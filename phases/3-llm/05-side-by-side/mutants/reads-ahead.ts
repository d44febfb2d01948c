import type { Lap, Race } from '../contract.ts'

export const race: Race = async function* (prompt, providers, { now = () => performance.now() } = {}) {
  const begun = now()
  const over = new AbortController()
  const lanes = new Map<string, Lap[]>()
  const failures: unknown[] = []
  let open = providers.length
  let wake = (): void => {}

  async function read({ name, ask }: (typeof providers)[number]): Promise<void> {
    const lane: Lap[] = []
    lanes.set(name, lane)
    try {
      for await (const delta of ask(prompt, over.signal)) {
        lane.push({ provider: name, delta, ms: now() - begun })
        wake()
      }
    } catch (error) {
      failures.push(error)
    }
    open--
    wake()
  }

  for (const provider of providers) read(provider)
  try {
    for (;;) {
      for (const lane of lanes.values()) {
        const lap = lane.shift()
        if (lap !== undefined) yield lap
      }
      if ([...lanes.values()].some(({ length }) => length > 0)) continue
      if (open === 0) break
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  } finally {
    over.abort()
  }
  if (failures.length > 0) throw failures[0]
}
