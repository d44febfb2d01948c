import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseWire } from './wire.ts'

/** Which decoder a specimen is for. */
export type Subject = 'Request' | 'Response' | 'Chunked body' | 'Event stream' | 'Lines'

/** A section of `packages/<package>/specimens/<file>.md`. */
export interface Specimen {
  /** For example "chunked/specimens/sizes.md". */
  readonly file: string
  readonly title: string
  readonly subject: Subject
  /** Of the requests that responses answer, in order. */
  readonly methods: readonly string[]
  /** Limits that differ from their default. */
  readonly limits: Readonly<Record<string, number>>
  readonly bytes: Uint8Array
  /** The log block, if there is one yet. */
  readonly log: string | undefined
}

const PACKAGES = fileURLToPath(new URL('../../..', import.meta.url))

const SUBJECT = /^(Request|Response|Chunked body|Event stream|Lines)(?: to ([A-Z]+(?:, [A-Z]+)*))?((?:, \w+ \d+)*):$/
const WIRE = /^```http\n([\s\S]*?)^```\n/m
const LOG = /^```log\n([\s\S]*?)^```\n/m

/** The files with specimens, relative to `packages/`. */
export function specimenFiles(): string[] {
  return ['tcp-echo', 'http-raw', 'chunked', 'sse-client'].flatMap((name) =>
    readdirSync(`${PACKAGES}/${name}/specimens`)
      .sort()
      .map((file) => `${name}/specimens/${file}`),
  )
}

export function pathOf(file: string): string {
  return `${PACKAGES}/${file}`
}

export function readSpecimens(file: string): Specimen[] {
  return sectionsOf(readFileSync(pathOf(file), 'utf8')).map((section) => parseSection(file, section))
}

/** The text of each `## ` section: together with what comes before the first one they are the file. */
export function sectionsOf(text: string): string[] {
  return text.split(/^(?=## )/m).slice(1)
}

export function parseSection(file: string, section: string): Specimen {
  const title = section.slice(3, section.indexOf('\n'))
  const fail = (why: string) => new SyntaxError(`${file}: ${title}: ${why}`)
  const wire = WIRE.exec(section)
  if (!wire) throw fail('there is no http block')
  const [prose = '', subjectLine = ''] = splitLastLine(section.slice(0, wire.index))
  const subject = SUBJECT.exec(subjectLine)
  if (!subject) throw fail(`"${subjectLine}" does not say what the bytes are`)
  if (prose.split('\n').slice(1).join('').trim() === '') throw fail('it explains nothing')
  const [, kind, methods = 'GET', limits = ''] = subject
  try {
    return {
      file,
      title,
      subject: kind as Subject,
      methods: methods.split(', '),
      limits: Object.fromEntries(
        [...limits.matchAll(/, (\w+) (\d+)/g)].map(([, name, value]) => [name, Number(value)]),
      ),
      bytes: parseWire(wire[1] ?? ''),
      log: LOG.exec(section)?.[1],
    }
  } catch (error) {
    throw fail(String(error))
  }
}

/** The section with this log in its log block, or with a new one behind the wire. */
export function withLog(section: string, log: string): string {
  const block = `\`\`\`log\n${log}\`\`\`\n`
  if (LOG.test(section)) return section.replace(LOG, () => block)
  return section.replace(WIRE, (wire) => `${wire}\n${block}`)
}

function splitLastLine(text: string): string[] {
  const lines = text.trimEnd().split('\n')
  const last = lines.pop()
  return [lines.join('\n'), last ?? '']
}
