import type { StreamMetrics } from '../outcome.ts'

/** Numbers about an answer under way, in a line. */
export function statusLine(metrics: StreamMetrics, tokens: number): string {
  const { firstToken, tokensPerSecond, burstFactor, total } = metrics
  if (firstToken === undefined) return `waiting, ${seconds(total)}`
  return [
    `${tokens} tokens`,
    `first after ${Math.round(firstToken)} ms`,
    ...(tokensPerSecond === undefined ? [] : [`${Math.round(tokensPerSecond)} tokens/s`]),
    ...(burstFactor === undefined ? [] : [`burst ${Math.round(burstFactor * 100)} %`]),
    seconds(total),
  ].join(' · ')
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
