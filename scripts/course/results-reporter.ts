import { writeFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import type { SerializedError, UserConsoleLog } from 'vitest'
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { endWithParent } from './end-with-parent.ts'
import { readEntry } from './entries.ts'
import type { FileResult, Plan, TestResult } from './plan.ts'

/** Writes what came of each test as JSON into the file COURSE_RESULTS: those who show it to people read it there. */
export default class ResultsReporter implements Reporter {
  readonly #printed: string[] = []

  onInit(): void {
    endWithParent()
  }

  onUserConsoleLog({ content }: UserConsoleLog): void {
    this.#printed.push(stripVTControlCharacters(content))
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const results = modules.map(resultOf)
    const beside = errors.map(textOf)
    writeFileSync(
      process.env['COURSE_RESULTS'] ?? '/dev/stdout',
      JSON.stringify({ results, errors: beside, printed: this.#printed.join('') }),
    )
  }
}

const plan: Plan = JSON.parse(process.env['COURSE_PLAN'] ?? '{"targets":[],"bail":false,"isolate":true}')

function resultOf(module: TestModule): FileResult {
  return {
    ...(readEntry(plan, module.moduleId) ?? { target: 'learner', file: module.moduleId }),
    tests: [...module.children.allTests()].map(testOf),
    errors: module.errors().map(textOf),
  }
}

function testOf(test: TestCase): TestResult {
  const { state, errors = [] } = test.result()
  const notStarted = errors.some(({ name }) => name === 'Todo')
  return {
    name: test.fullName,
    state: notStarted ? 'not started' : state === 'pending' ? 'skipped' : state,
    text: errors.map(textOf).join('\n\n'),
  }
}

/** What an expectation says is whole as it is; the errors of code need their name, and their place in it. */
function textOf(error: SerializedError): string {
  const { name, message, stack } = error
  const expected = name === 'Failure' || name === 'AssertionError' || name === 'Todo' || 'actual' in error
  return stripVTControlCharacters(expected ? message : wordsFor(name, message, placeIn(stack)))
}

function wordsFor(name: string | undefined, message: string, place: string | undefined): string {
  const [, what, where] = /\[PARSE_ERROR\] (.*)\n[^[]*\[ (\S+:\d+:\d+) \]/.exec(stripVTControlCharacters(message)) ?? []
  if (what !== undefined) return `${where} is not TypeScript: ${what}`
  const [, missing] = /^(\w+) is not a function$/.exec(message) ?? []
  if (missing !== undefined && place === undefined)
    return `There is no function ${missing} exported: export const ${missing} = …`
  const [, file] =
    /^(?:Cannot find (?:module|package)|Failed to (?:load|resolve import)) ['"]([^'"]+)['"]/.exec(message) ?? []
  if (file !== undefined) return `There is no ${file}, which is imported.`
  if (name === undefined)
    return `Your code threw ${JSON.stringify(message)}, which is no Error: it cannot say where it came from.`
  return `${name}: ${message}${place === undefined ? '' : `\n\nat ${place}`}`
}

/** The first place in the learner's own file. */
function placeIn(stack: string | undefined): string | undefined {
  const [, at] = /\(?([^\s(]*\/(?:exercise|answers)\.ts:\d+:\d+)\)?/.exec(stack ?? '') ?? []
  return at?.replace(/^.*\/phases\//, 'phases/')
}
