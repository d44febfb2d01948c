import type { RealProxy } from '@sse-from-scratch/testkit'

/** Starts a hop in front of a port. */
export type Start = (upstream: number) => Promise<Pick<RealProxy, 'port' | typeof Symbol.asyncDispose>>

/** Hops in a row, the one next to the client first. */
export const inARow =
  (...hops: readonly Start[]): Start =>
  async (upstream) => {
    const open: Awaited<ReturnType<Start>>[] = []
    for (const start of hops.toReversed()) open.unshift(await start(open[0]?.port ?? upstream))
    return {
      port: open[0]?.port ?? upstream,
      async [Symbol.asyncDispose]() {
        for (const hop of open) await hop[Symbol.asyncDispose]()
      },
    }
  }
