import { type JsonObject, listOf, objectOf } from '../json.ts'

/** Sources come as a list that may come again, longer: those that are new. */
export function citationsOf(wire: JsonObject, candidate: { cited: number }): readonly unknown[] {
  const { citationMetadata, groundingMetadata } = wire
  if (citationMetadata === undefined && groundingMetadata === undefined) return []
  const metadata = objectOf(citationMetadata)
  const all = [
    ...listOf(metadata['citationSources'] ?? metadata['citations']),
    ...listOf(objectOf(groundingMetadata)['groundingChunks']),
  ]
  const news = all.slice(candidate.cited)
  candidate.cited = Math.max(candidate.cited, all.length)
  return news
}
