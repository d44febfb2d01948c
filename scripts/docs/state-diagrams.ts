import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { observeTransitions, type Transition } from './observe-states.ts'
import { unionIn } from './union.ts'

/** A README with a diagram between its marks. */
export interface Diagram {
  readonly readme: string
  /** The README with the diagram as it has to be. */
  readonly text: string
  /** Whether it is like that already. */
  readonly upToDate: boolean
}

interface Machine {
  readonly package: string
  /** In the order in which they are drawn. */
  readonly states: readonly string[]
  readonly first: readonly string[]
  nameOf(state: string): string
}

const chunkedStates = unionIn('packages/chunked/src/grammar.ts', 'ChunkedState')
const headStates = unionIn('packages/http-raw/src/head-decoder.ts', 'HeadState')
const BODY = 'chunked body' // a machine of its own, plugged in from the floor above

const MACHINES: readonly Machine[] = [
  { package: 'chunked', states: chunkedStates, first: ['chunk-size'], nameOf: (state) => state },
  {
    package: 'http-raw',
    states: [...headStates, 'message-body', BODY, 'done'],
    first: ['request-line', 'status-line'],
    nameOf: (state) => (state !== 'done' && chunkedStates.includes(state) ? BODY : state),
  },
]

const BEGIN = '<!-- states: npm run docs:states draws them -->'
const END = '<!-- /states -->'

/** The state diagrams of the decoders, made of their state unions and of what the specimens made them do. */
export function stateDiagrams(): Diagram[] {
  return MACHINES.map((machine) => {
    const readme = fileURLToPath(new URL(`../../packages/${machine.package}/README.md`, import.meta.url))
    const old = readFileSync(readme, 'utf8')
    const [begin, end] = [old.indexOf(BEGIN), old.indexOf(END)]
    if (begin === -1 || end < begin) throw new Error(`${readme} has no place for states: ${BEGIN} … ${END}`)
    const text = `${old.slice(0, begin + BEGIN.length)}\n\n${draw(machine)}\n${old.slice(end)}`
    return { readme, text, upToDate: text === old }
  })
}

function draw(machine: Machine): string {
  const { states, first } = machine
  const transitions = observeTransitions(machine.package, machine.nameOf)
  checkStates(machine, transitions)
  const ways = transitions
    .filter(({ refused }) => !refused)
    .sort((a, b) => states.indexOf(a.from) - states.indexOf(b.from) || states.indexOf(a.to) - states.indexOf(b.to))
  const lines = [
    ...states.map((state) => `state "${state}" as ${idOf(state)}`),
    ...first.map((state) => `[*] --> ${idOf(state)}`),
    ...ways.map(({ from, to, bytes }) => `${idOf(from)} --> ${idOf(to)}: ${bytesInWords(bytes)}`),
    'done --> [*]',
  ]
  const diagram = ['```mermaid', 'stateDiagram-v2', ...lines.map((line) => `  ${line}`), '```', '']
  return [...diagram, ...refusals(states, transitions), ''].join('\n')
}

function refusals(states: readonly string[], transitions: readonly Transition[]): string[] {
  const rows = states.flatMap((state) => {
    const codes = transitions.filter(({ from, refused }) => refused && from === state).map(({ to }) => `\`${to}\``)
    return codes.length === 0
      ? []
      : [`| ${state} | ${[...new Set(codes)].sort((a, b) => (a < b ? -1 : 1)).join(', ')} |`]
  })
  return ['| in this state | a byte may be refused with |', '|---|---|', ...rows]
}

/** A state nobody has a specimen for would be missing in the diagram; one outside the union would be a surprise. */
function checkStates({ package: name, states }: Machine, transitions: readonly Transition[]): void {
  const seen = new Set(transitions.flatMap(({ from, to, refused }) => (refused ? [from] : [from, to])))
  for (const state of states) if (!seen.has(state)) throw new Error(`${name}: no specimen reaches ${state}`)
  for (const state of seen) if (!states.includes(state)) throw new Error(`${name}: ${state} is no state`)
}

function idOf(state: string): string {
  return state.replaceAll(/\W/g, '_')
}

const NAMED: Readonly<Record<string, RegExp>> = {
  CR: /\r/,
  LF: /\n/,
  SP: / /,
  HTAB: /\t/,
  semicolon: /;/,
  HEXDIG: /[0-9A-Fa-f]/,
}

/** `CR`, `HEXDIG`, `SP or HTAB`: if each of the bytes has a name, and otherwise not CR and LF, or any. */
function bytesInWords(bytes: ReadonlySet<number>): string {
  const chars = Array.from(bytes, (byte) => String.fromCharCode(byte))
  const names = Object.keys(NAMED).filter((name) => chars.some((char) => NAMED[name]?.test(char)))
  if (chars.every((char) => names.some((name) => NAMED[name]?.test(char)))) return names.join(' or ')
  return names.includes('LF') ? 'any byte' : 'other'
}
