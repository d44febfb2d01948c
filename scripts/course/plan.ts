/** Whose code the tests of an exercise are to judge: the learner's, the stub, the answer, the package, or the k-th mutant. */
export type Target = 'learner' | 'stub' | 'solution' | 'package' | `mutant:${number}`

/** What a run of vitest is to do; handed to its configuration as JSON in COURSE_PLAN. */
export interface Plan {
  readonly targets: readonly PlannedTarget[]
  /** Stop at the first failure: a learner sees one at a time. */
  readonly bail: boolean
  /** Each test file in a process of its own: a learner's code may do anything. Otherwise all targets share what they import. */
  readonly isolate: boolean
}

export interface PlannedTarget {
  readonly target: Target
  /** Test files, whole paths. */
  readonly files: readonly string[]
}

/** What came of a test file for a target. */
export interface FileResult {
  readonly target: Target
  readonly file: string
  readonly tests: readonly TestResult[]
  /** What failed before or beside the tests: a syntax error, a file that is not there, a process that had to be killed. */
  readonly errors: readonly string[]
}

export interface TestResult {
  readonly name: string
  readonly state: 'passed' | 'failed' | 'not started' | 'skipped'
  /** The words of its failure. */
  readonly text: string
}
