import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The files that take longest, the longest first: parts of their paths. On two quiet cores each takes from 10 to 60 s. */
const LONG: readonly string[] = [
  'playground/test/browser',
  'llm-stream/test/conformance',
  'sse-client/test/exactly-once',
  'llm-stream/test/cli.test',
  'llm-stream/test/framing',
  'test/course/journey',
  'test/docs.test',
  'test/course/bad-input',
]

/**
 * Starts long files first, so that at the end of a run no core waits for the other. Vitest does so by itself from the second run
 * on, when it knows how long each took; in a fresh clone it goes by the size of the files, and the longest are not large.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rest = await super.sort(files)
    return rest.toSorted((a, b) => rank(a) - rank(b))
  }
}

function rank({ moduleId }: TestSpecification): number {
  const nth = LONG.findIndex((part) => moduleId.replaceAll('\\', '/').includes(part))
  return nth === -1 ? LONG.length : nth
}
