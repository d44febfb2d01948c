import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import type { VitestPluginContext } from 'vitest/node'
import { targetOf } from './entries.ts'
import type { Plan } from './plan.ts'

// The tests of the course, each against the targets of the plan. Which file `#ex/02-one-chunk` means to a learner is told by the
// `imports` of the phase's package.json; for all other targets the entry says it (entries.ts).

const root = fileURLToPath(new URL('../..', import.meta.url))
const plan: Plan = JSON.parse(process.env['COURSE_PLAN'] ?? '{"targets":[],"bail":false,"isolate":true}')
const entries = process.env['COURSE_ENTRIES']
const conditions = ['@sse-from-scratch/source', 'module', 'node', 'development|production']
const setup = [
  'packages/testkit/src/watchdog.ts',
  'packages/testkit/src/fresh-connections.ts',
  'phases/kit/src/setup.ts',
  'scripts/course/stop-at-first.ts',
]

/** `#ex/<exercise>` is the file of the target that the import asks for; a number is the k-th of its mutants. */
const targetPlugin = {
  name: 'course-targets',
  enforce: 'pre' as const,
  resolveId(source: string, importer: string | undefined): string | undefined {
    const target = importer && targetOf(importer)
    if (!target || !/^#(ex|lab)\//.test(source)) return undefined
    const folder = join(dirname(dirname(importer)), basename(source))
    const [, nth] = /^mutant:(\d+)$/.exec(target) ?? []
    if (nth === undefined) return join(folder, source.startsWith('#lab/') ? `answers.${target}.ts` : `${target}.ts`)
    const mutants = readdirSync(join(folder, 'mutants')).filter((file) => file.endsWith('.ts'))
    return join(folder, 'mutants', mutants.sort()[Number(nth)] ?? '')
  },
}

/** What stands on disk is never an exercise's own file: which file its imports mean is not seen in its text. */
const cachePlugin = {
  name: 'course-cache',
  configureVitest({ experimental_defineCacheKeyGenerator: define }: VitestPluginContext) {
    define(({ id }) => (/\/(phases\/\d|course-entries-)/.test(id.replaceAll('\\', '/')) ? false : undefined))
  },
}

export default defineConfig({
  root,
  plugins: [targetPlugin, cachePlugin],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    reporters: [fileURLToPath(new URL('results-reporter.ts', import.meta.url))],
    include: entries === undefined ? learnersTests() : [`${entries.replaceAll('\\', '/')}/*/*.test.ts`],
    environment: 'node',
    setupFiles: setup.map((file) => join(root, file)),
    isolate: plan.isolate,
    pool: plan.isolate ? 'forks' : 'threads',
    // It ends what hangs outside of within(); a learner waits for it, and a machine with much to do is slow.
    testTimeout: plan.isolate ? 30_000 : 60_000,
    bail: plan.bail ? 1 : 0,
    maxWorkers: plan.isolate ? '100%' : 4, // mutants that never answer only wait
    // The packages are made JavaScript once and kept: 16 s of a processor instead of 23 for four exercises
    // (time npm run course verify 1.1 1.2 2.1 2.7).
    experimental: { fsModuleCache: true, fsModuleCachePath: join(root, '.cache', 'course-modules', lockfileHash()) },
  },
})

/** A folder for each lockfile: vitest throws the folder of another one away, and fails in it then, for it is gone. */
function lockfileHash(): string {
  const lockfile = join(root, 'pnpm-lock.yaml')
  const text = existsSync(lockfile) ? readFileSync(lockfile) : ''
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

function learnersTests(): string[] {
  return plan.targets.flatMap(({ files }) => files.map((file) => file.replaceAll('\\', '/')))
}
