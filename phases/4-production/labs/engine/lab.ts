import type { ToolName } from '@sse-from-scratch/testkit'

/** An experiment: what is asked, what is measured, and what must come of it. */
export interface LabSpec<Result> {
  /** `L3`. */
  readonly id: string
  readonly title: string
  /** What the situation is. */
  readonly about: string
  /** Whether it takes both processors of a small machine, and so disturbs what is measured beside it. */
  readonly isHeavy?: boolean
  /** Asked before anything is measured. */
  readonly question: string
  readonly options: readonly string[]
  /** The option that a measurement says is right, from 0. So the answer belongs to the version that is here. */
  readonly right: { readonly of: string; readonly is: (result: Result) => number }
  /** What is measured, in the order of the table. */
  readonly setups: readonly Setup<Result>[]
  /** The columns of the table. */
  readonly columns: Readonly<Record<string, (result: Result) => string>>
  readonly claims: readonly Claim<Result>[]
  /** Why it is so. */
  readonly explain: string
  /** What to do about it. */
  readonly repair: string
}

/** One row of the table. */
export interface Setup<Result> {
  readonly name: string
  /** What to write into which file; or what the server or the client does. */
  readonly config: string
  /** Whether it is what one should do. */
  readonly isRepair?: boolean
  /** The programs it asks for, from the client to the server. */
  readonly programs: readonly ToolName[]
  /** Whether it can be shown without them. */
  readonly canImitate: boolean
  /** Why it cannot be measured here, besides programs that are absent. */
  readonly missing?: () => string | undefined
  /** What was measured elsewhere: shown where it cannot be measured here. */
  readonly recorded?: { readonly with: string; readonly result: Result }
  /** @throws Error when a program is absent, or refuses its configuration */
  measure(options: MeasureOptions): Promise<Result>
}

export interface MeasureOptions {
  /** The imitation, even where the real program is here. */
  readonly imitate: boolean
}

/** A relation between measurements, never a time: it holds on a slow machine, too. */
export interface Claim<Result> {
  /** Names of setups; `holds` gets their results in this order. */
  readonly of: readonly string[]
  readonly says: string
  /** The versions it is about. Default: all. */
  readonly when?: (versionOf: (name: ToolName) => string | undefined) => boolean
  holds(...results: readonly Result[]): boolean
}

/** What came of an experiment. */
export interface Outcome {
  readonly id: string
  readonly title: string
  readonly rows: readonly Row[]
  readonly claims: readonly { readonly says: string; readonly holds: boolean }[]
  /** The option that is right, from 0; undefined when what it depends on could not be measured. */
  readonly right: number | undefined
}

export interface Row {
  readonly name: string
  readonly isRepair: boolean
  /** The programs by name and version, or whose imitation it was. */
  readonly through: string
  readonly isImitation: boolean
  readonly cells: Readonly<Record<string, string>>
  /** Why there are no cells. */
  readonly absent?: string
}

/** An experiment that can be run. */
export interface Lab extends Omit<LabSpec<never>, 'right' | 'setups' | 'columns' | 'claims'> {
  readonly setups: readonly Omit<Setup<never>, 'measure' | 'recorded'>[]
  run(options?: MeasureOptions): Promise<Outcome>
}
