/** What the head of an exercise's README says about it. */
export interface FrontMatter {
  /** Phase and number: `1.2`; a lab's letter and phase: `L1`. */
  readonly id: string
  readonly title: string
  readonly kind: Kind
  /** On the fast track of those who know much already. */
  readonly star: boolean
  readonly minutes: number
  /** The package that keeps the same promise, hardened; none for what is only looked at. */
  readonly package: string | undefined
  /** The ids of the roadmap's bullets that it teaches (scripts/course/roadmap.json). */
  readonly roadmap: readonly string[]
  /** Sections to read: `RFC 9112 §7.1`. */
  readonly rfc: readonly string[]
}

/** To build, to observe, to break on purpose, the last one, a lab. */
export type Kind = 'build' | 'observe' | 'break' | 'capstone' | 'lab'

const KINDS: ReadonlySet<string> = new Set<Kind>(['build', 'observe', 'break', 'capstone', 'lab'])

/**
 * Reads the lines between the two `---` at the head of a README: `key: value`, lists as `[a, b]`.
 *
 * @throws Error that names the line when it is not so
 */
export function readFrontMatter(markdown: string): FrontMatter {
  const [, head] = /^---\n([\s\S]*?)\n---\n/.exec(markdown) ?? []
  if (head === undefined) throw new Error('a README of an exercise begins with --- and its front matter')
  const values = new Map(head.split('\n').map(readLine))
  const required = (key: string): string => {
    const value = values.get(key)
    if (value === undefined || value === '') throw new Error(`the front matter lacks ${key}`)
    return value
  }
  const kind = required('kind')
  if (!KINDS.has(kind)) throw new Error(`kind is one of ${[...KINDS].join(', ')}, not ${kind}`)
  const minutes = Number(required('minutes'))
  if (!(minutes > 0)) throw new Error(`minutes is a number, not ${values.get('minutes')}`)
  return {
    id: required('id'),
    title: required('title'),
    kind: kind as Kind,
    star: values.get('star') === 'true',
    minutes,
    package: values.get('package'),
    roadmap: listOf(required('roadmap')),
    rfc: listOf(values.get('rfc') ?? '[]'),
  }
}

function readLine(line: string): [string, string] {
  const [, key, value] = /^([a-z]+): *(.*)$/.exec(line) ?? []
  if (key === undefined || value === undefined) throw new Error(`no "key: value" in the front matter: ${line}`)
  return [key, value.trim()]
}

function listOf(value: string): string[] {
  const [, inner] = /^\[(.*)\]$/.exec(value) ?? []
  if (inner === undefined) throw new Error(`a list is written [a, b], not ${value}`)
  return inner
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}
