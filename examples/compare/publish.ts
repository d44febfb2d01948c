import { rest, type Stage } from './stage.ts'

/** Ticks at random moments: the pauses are those of a Poisson process, but none is longer than four times the average. */
export async function publishMany(stage: Stage, count: number, interval: number, random: () => number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await rest(Math.min(-Math.log(1 - random()), 4) * interval)
    stage.publish()
  }
}
