import { readFileSync } from 'node:fs'
import type { Exercise } from './exercises.ts'
import { didYouMean } from './nearest.ts'

/** Something that the course promises to teach. */
export interface Bullet {
  readonly id: string
  readonly phase: number
  readonly teaches: string
}

/** All that the course promises. */
export function readRoadmap(): Bullet[] {
  const file = new URL('roadmap.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly bullets: Bullet[] }).bullets
}

/** Bullets without an exercise, in the phases that have exercises. */
export function uncovered(all: readonly Exercise[], roadmap: readonly Bullet[] = readRoadmap()): Bullet[] {
  const begun = new Set(all.map(({ phase }) => Number.parseInt(phase, 10)))
  const taught = new Set(all.flatMap((exercise) => exercise.roadmap))
  return roadmap.filter(({ id, phase }) => begun.has(phase) && !taught.has(id))
}

/** Ids in a front matter that the roadmap does not know. */
export function roadmapProblems({ roadmap }: Exercise, known: readonly Bullet[] = readRoadmap()): string[] {
  const ids = known.map(({ id }) => id)
  return roadmap
    .filter((id) => !ids.includes(id))
    .map((id) => `the roadmap has no ${id}${didYouMean(id, ids)}   (${ids.join(', ')})`)
}
