import type { Recording } from './recording.ts'

/** Lines that are named; of more only the number is said. */
const NAMED = 3

/** What of a recording could not be read, in a sentence for people; `undefined` if all of it could. */
export function missingFrom({ cut, skipped = [] }: Recording): string | undefined {
  const named = skipped.slice(0, NAMED).map(({ number, why }) => `line ${number} (${why})`)
  const more = skipped.length - named.length
  const broken = [...named, ...(more > 0 ? [`${more} more ${more === 1 ? 'line' : 'lines'}`] : [])]
  const parts = [
    ...(broken.length > 0 ? [`it has no entry in ${broken.join(', ')}`] : []),
    ...(cut ? ['its last line is cut: the recording was stopped in the middle of it'] : []),
  ]
  return parts.length === 0 ? undefined : `Not all of the recording is here: ${parts.join('; ')}.`
}
