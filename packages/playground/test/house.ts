import type { FinishedAnswer, SimulatorOptions } from '@sse-from-scratch/llm-stream/simulator'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { type PlaygroundServerOptions, simulatedTargets, startServer, type Targets } from '@sse-from-scratch/playground'

export interface House extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Resolves with the simulator's record of its next answer. */
  finished(): Promise<FinishedAnswer>
  /** What handlers threw: a bug each. */
  readonly errors: readonly unknown[]
}

/** The simulator and the playground on free ports, as `npm start` puts them together. */
export async function startHouse(
  options: SimulatorOptions & { readonly targets?: Targets } & Pick<PlaygroundServerOptions, 'runs'> = {},
): Promise<House> {
  const records: FinishedAnswer[] = []
  const errors: unknown[] = []
  let wake = () => {}
  const simulator = await startSimulator({
    tokensPerSecond: 0,
    ...options,
    onFinish: (record) => {
      records.push(record)
      wake()
    },
  })
  const server = await startServer({
    targets: options.targets ?? simulatedTargets(simulator.url),
    onError: (error) => errors.push(error),
    ...(options.runs && { runs: options.runs }),
  })
  const { port } = server.address
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    errors,
    async finished() {
      while (records.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      return records.shift() as FinishedAnswer
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await simulator[Symbol.asyncDispose]()
    },
  }
}
