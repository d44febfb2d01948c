export { createExplainer, type Explainer, type ExplainerOptions } from './explainer.ts'
export type {
  EndItem,
  ErrorItem,
  FindingItem,
  GapItem,
  Item,
  NoteItem,
  OpenItem,
  ReadItem,
} from './item.ts'
export { type ProxyOptions, startProxy, type XrayProxy } from './start-proxy.ts'
