import { anthropic } from '@sse-from-scratch/llm-stream'
import { deltasOf } from '../02-openai-deltas/package.ts'
import type { FromAnthropic } from './contract.ts'

export const fromAnthropic: FromAnthropic = (events) => deltasOf(anthropic(), events)
