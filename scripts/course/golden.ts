import type { Exercise } from './exercises.ts'
import type { FileResult } from './plan.ts'

/** What a learner sees first when an answer is wrong: the first failing test's name, and its words. */
export function firstFailure({ tests, errors }: FileResult): string | undefined {
  const failed = tests.find(({ state }) => state === 'failed')
  if (failed !== undefined) return `× ${failed.name}\n\n${failed.text}\n`
  return errors[0] === undefined ? undefined : `× the file\n\n${errors[0]}\n`
}

/** A Date in a dump, of which both columns show the beginning: "46 72 69 2c 20 32 30 …  54 0d 0a │Fri,·20…T␍␊". */
const DUMPED_DATE = /(?:[0-9a-f]{2} ){7}(… {2}54 0d 0a +│)[A-Z][a-z]{2},·\d{2}(…T␍␊)/g

/** What differs from run to run in a failure: ports (8080 is the one of the samples), milliseconds, folders made for a test, the day. */
export function steady(text: string): string {
  return text
    .replaceAll(/(127\.0\.0\.1|\[::1\]|localhost):(?!8080\b)\d{4,5}/g, '$1:PORT')
    .replaceAll(/\b\d+(\.\d+)? ms\b/g, 'N ms')
    .replaceAll(/\/tmp\/[\w.-]+/g, '/tmp/…')
    .replaceAll(DUMPED_DATE, 'da te da te da te da $1Day,·00$2')
}

/** The ids of mistakes that a failure names. */
export function namedMistakes(text: string): string[] {
  return [...text.matchAll(/\[mistake:([a-z0-9-]+)\]/g)].map(([, id = '']) => id)
}

/** Where the failure of a mutant is kept. */
export function goldenFile({ folder }: Exercise, mutant: string): string {
  return `${folder}/__failures__/${mutant}.txt`
}
