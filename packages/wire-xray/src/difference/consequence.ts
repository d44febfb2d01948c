import type { Finding } from '../finding.ts'
import type { Difference, Version } from './difference.ts'

/** What a receiver makes of what it got, where that is not what it would make of what was expected. */
export function consequenceOf({ expected, got, as }: Difference): string | undefined {
  const known = new Set(of(expected, 'error').map(({ code }) => code))
  const error = of(got, 'error').find(({ code }) => !known.has(code))
  if (error) return errorInWords(error, as === 'chunked-body' ? 'body' : 'message')
  const [wanted, dispatched] = [of(expected, 'event'), of(got, 'event')]
  if (wanted.length !== dispatched.length)
    return `A receiver gets ${counted(dispatched.length)} instead of ${counted(wanted.length)}.`
  const differs = wanted.findIndex((event, at) => said(event) !== said(dispatched[at]))
  if (differs !== -1) return `A receiver gets another event: ${dispatched[differs]?.summary}`
  const unfinished = of(got, 'unfinished').length > of(expected, 'unfinished').length
  if (unfinished) return 'The stream ends inside an event, which is never dispatched.'
  return as === 'event-stream' && wanted.length > 0 ? 'A receiver gets the same events.' : undefined
}

/** What is behind the first message is another, and only that is broken. */
function errorInWords({ code = 'error', summary, exchange }: Finding, first: string): string {
  const [taken, it, more] =
    exchange === 0 ? ['', 'it', ''] : [` takes the ${first}, and`, 'what is behind it', ' of what is behind it']
  return code.endsWith('_INCOMPLETE')
    ? `A receiver${taken} waits for more${more}; if this is all, it says ${code}: ${summary.replace(/^.*?: /, '')}.`
    : `A receiver${taken} refuses ${it}: ${code}, ${summary}.`
}

function of({ findings }: Version, kind: Finding['kind']): Finding[] {
  return findings.filter((finding) => finding.kind === kind)
}

/** The type of an event, and its data. */
function said(event: Finding | undefined): string {
  return `${event?.summary}\n${event?.text}`
}

function counted(events: number): string {
  return events === 1 ? '1 event' : `${events} events`
}
