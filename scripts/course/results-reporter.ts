import { writeFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import type { SerializedError } from 'vitest'
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import type { FileResult, Target, TestResult } from './plan.ts'

/** Writes what came of each test as JSON into the file COURSE_RESULTS: those who show it to people read it there. */
export default class ResultsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const results = modules.map(resultOf)
    const beside = errors.map(textOf)
    writeFileSync(process.env['COURSE_RESULTS'] ?? '/dev/stdout', JSON.stringify({ results, errors: beside }))
  }
}

function resultOf(module: TestModule): FileResult {
  return {
    target: module.project.name as Target,
    file: module.moduleId,
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
  const [, at] = /\(?([^\s(]*\/exercise\.ts:\d+:\d+)\)?/.exec(String(stack ?? '')) ?? []
  const text = expected ? message : `${name}: ${message}`
  const place = expected || at === undefined ? '' : `\n\n at ${at.replace(/^.*\/phases\//, 'phases/')}`
  return stripVTControlCharacters(text + place)
}
