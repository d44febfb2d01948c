export { type PlaygroundServerOptions, startServer } from './server.ts'
export { simulatedTargets, type Target, type Targets, withRealModels } from './targets.ts'
