import { findTool, installHint, type ToolName, toolVersion } from '@sse-from-scratch/testkit'
import type { Claim, Lab, LabSpec, MeasureOptions, Outcome, Row, Setup } from './lab.ts'

/** Makes an experiment that can be run from what it is about. */
export function defineLab<Result>(spec: LabSpec<Result>): Lab {
  return { ...spec, run: (options = { imitate: false }) => runLab(spec, options) }
}

/** All setups at a time: each has a server, hops and a client of its own. */
async function runLab<Result>(spec: LabSpec<Result>, options: MeasureOptions): Promise<Outcome> {
  const results = new Map<string, Result>()
  const rows = await Promise.all(
    spec.setups.map(async (setup): Promise<Row> => {
      const row = rowOf(setup, options)
      if (row.absent === undefined) {
        const result = await setup.measure({ imitate: row.isImitation })
        results.set(setup.name, result)
        return { ...row, cells: cellsOf(spec, result) }
      }
      if (setup.recorded === undefined) return row
      return { ...row, through: `a recording: ${setup.recorded.with}`, cells: cellsOf(spec, setup.recorded.result) }
    }),
  )
  const right = results.get(spec.right.of) ?? spec.setups.find(({ name }) => name === spec.right.of)?.recorded?.result
  return {
    id: spec.id,
    title: spec.title,
    rows,
    claims: judge(spec.claims, results, options),
    right: right === undefined ? undefined : spec.right.is(right),
  }
}

function rowOf<Result>(setup: Setup<Result>, { imitate }: MeasureOptions): Row {
  const { name, programs, canImitate, isRepair = false } = setup
  const missing = programs.filter((program) => findTool(program) === undefined)
  const isImitation = (imitate || missing.length > 0) && canImitate && programs.length > 0
  const row: Row = { name, isRepair, isImitation, through: throughOf(programs, isImitation), cells: {} }
  if (imitate && programs.length > 0 && !canImitate) return { ...row, absent: 'there is no imitation of it' }
  const reason = setup.missing?.()
  if (reason !== undefined) return { ...row, absent: reason }
  if (isImitation || missing.length === 0) return row
  return { ...row, absent: missing.map((program) => `no ${program} here (${installHint(program)})`).join(', ') }
}

function throughOf(programs: readonly ToolName[], isImitation: boolean): string {
  if (programs.length === 0) return 'nothing in between'
  if (isImitation) return `wire-xray's imitation of ${[...new Set(programs)].join(', ')}`
  return programs.map((program) => `${program} ${versionOf(program) ?? ''}`.trim()).join(' > ')
}

const versions = new Map<ToolName, string | undefined>()

/** The version of a program that is here; asked once, which takes a moment in which nothing else runs. */
export function versionOf(name: ToolName): string | undefined {
  if (!versions.has(name)) {
    const tool = findTool(name)
    versions.set(name, tool && toolVersion(tool))
  }
  return versions.get(name)
}

function cellsOf<Result>({ columns }: LabSpec<Result>, result: Result): Record<string, string> {
  return Object.fromEntries(Object.entries(columns).map(([title, of]) => [title, of(result)]))
}

/** A claim about what could not be measured is left out; so is one about another version. */
function judge<Result>(
  claims: readonly Claim<Result>[],
  results: ReadonlyMap<string, Result>,
  { imitate }: MeasureOptions,
): Outcome['claims'] {
  return claims.flatMap(({ of, says, when, holds }) => {
    const found = of.flatMap((name) => results.get(name) ?? [])
    const isOurs = when === undefined || when(imitate ? () => undefined : versionOf)
    return found.length === of.length && isOurs ? [{ says, holds: holds(...found) }] : []
  })
}

/** Claims about versions below this one; where the program is absent, its imitation is an old one. */
export function before(name: ToolName, version: string): NonNullable<Claim<unknown>['when']> {
  return (of) => {
    const here = of(name)
    return here === undefined || here.localeCompare(version, 'en', { numeric: true }) < 0
  }
}

/** Claims about the versions of one number: what was seen of these, and is not promised of others. */
export function only(name: ToolName, version: string): NonNullable<Claim<unknown>['when']> {
  return (of) => (of(name) ?? `${version}.`).startsWith(`${version}.`)
}
