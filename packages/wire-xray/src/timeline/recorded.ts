import type { Recording } from '@sse-from-scratch/llm-stream/recording'
import { createExplainer, type ExplainerOptions } from '../proxy/explainer.ts'
import type { Exchange } from './exchange.ts'
import { createTimeline, type TimelineOptions } from './timeline.ts'

/** The exchanges of a recording, in the order in which they began, as a proxy would have told them. */
export async function exchangesOf(
  { entries }: Recording,
  options: TimelineOptions & ExplainerOptions = {},
): Promise<readonly Exchange[]> {
  const timeline = createTimeline(options)
  const explainer = createExplainer(timeline.take, options)
  for (const entry of entries) explainer.take(entry)
  await explainer.settled()
  return timeline.exchanges
}
