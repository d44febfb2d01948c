export { createExplainer, type Explainer, type ExplainerOptions } from './explainer.ts'
export type {
  CompleteItem,
  EndItem,
  ErrorItem,
  FindingItem,
  GapItem,
  Item,
  NoteItem,
  OpenItem,
  ReadItem,
  WaitItem,
} from './item.ts'
export type { ProxyOptions } from './options.ts'
export { startProxy, type XrayProxy } from './start-proxy.ts'
