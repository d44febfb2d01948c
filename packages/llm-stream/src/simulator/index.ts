export type { FinishedAnswer, SimulatorOptions } from './options.ts'
export { type Simulator, startSimulator } from './server.ts'
export type { WordRange } from './text.ts'
