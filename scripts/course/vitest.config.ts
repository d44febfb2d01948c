import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type TestProjectConfiguration } from 'vitest/config'
import type { VitestPluginContext } from 'vitest/node'
import type { Plan, PlannedTarget, Target } from './plan.ts'

// The tests of the course, each against the targets of the plan. Which file `#ex/02-one-chunk` means is told by the `imports`
// of the phase's package.json and a condition; only mutants need a parameter, which conditions cannot have.

const root = fileURLToPath(new URL('../..', import.meta.url))
const plan: Plan = JSON.parse(process.env['COURSE_PLAN'] ?? '{"targets":[],"bail":false,"isolate":true}')
const setup = [
  'packages/testkit/src/watchdog.ts',
  'packages/testkit/src/fresh-connections.ts',
  'phases/kit/src/setup.ts',
]

function projectOf({ target, files }: PlannedTarget): TestProjectConfiguration {
  const conditions = ['@sse-from-scratch/source', ...conditionOf(target), 'module', 'node', 'development|production']
  return {
    root,
    plugins: [mutantPlugin(target), cachePlugin],
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      name: target,
      include: files.map((file) => file.replaceAll('\\', '/')),
      environment: 'node',
      setupFiles: setup.map((file) => join(root, file)),
      isolate: plan.isolate,
      pool: plan.isolate ? 'forks' : 'threads',
      testTimeout: 10_000,
      bail: plan.bail ? 1 : 0,
    },
  }
}

function conditionOf(target: Target): string[] {
  return target === 'learner' || target.startsWith('mutant:') ? [] : [target]
}

/** `#ex/<exercise>` is the k-th file of its mutants. */
function mutantPlugin(target: Target) {
  const [, nth] = /^mutant:(\d+)$/.exec(target) ?? []
  return {
    name: 'course-mutants',
    enforce: 'pre' as const,
    resolveId(source: string, importer: string | undefined): string | undefined {
      if (nth === undefined || importer === undefined || !source.startsWith('#ex/')) return undefined
      const mutants = join(dirname(dirname(importer)), basename(source), 'mutants')
      const name = readdirSync(mutants)
        .filter((file) => file.endsWith('.ts'))
        .sort()[Number(nth)]
      return name && join(mutants, name)
    },
  }
}

/** What stands on disk is never an exercise's own file: which file its imports mean is not seen in its text. */
const cachePlugin = {
  name: 'course-cache',
  configureVitest({ experimental_defineCacheKeyGenerator: define }: VitestPluginContext) {
    define(({ id }) => (/\/phases\/\d/.test(id.replaceAll('\\', '/')) ? false : undefined))
  },
}

export default defineConfig({
  root,
  test: {
    reporters: [fileURLToPath(new URL('results-reporter.ts', import.meta.url))],
    projects: plan.targets.map(projectOf),
    bail: plan.bail ? 1 : 0,
    maxWorkers: '100%',
    // The packages are made JavaScript once and not for each of the mutants: 16 s of a processor instead of 23 for four exercises
    // (time npm run course verify 1.1 1.2 2.1 2.7).
    experimental: { fsModuleCache: true, fsModuleCachePath: join(root, '.cache', 'course-modules') },
  },
})
