// node scripts/test-phase.mjs 1 [vitest args…]   runs the tests of one phase: its folder and the packages it introduces
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const [phase, ...rest] = process.argv.slice(2)
const rootUrl = new URL('../', import.meta.url)
const byPhase = new Map()
const add = (n, project) => byPhase.set(n, [...(byPhase.get(n) ?? []), project])
for (const d of readdirSync(new URL('phases/', rootUrl))) add(Number.parseInt(d, 10), `phase-${d}`)
for (const d of readdirSync(new URL('packages/', rootUrl))) {
  const f = new URL(`packages/${d}/package.json`, rootUrl)
  const n = existsSync(f) ? JSON.parse(readFileSync(f, 'utf8')).lab?.phase : undefined
  if (n !== undefined) add(n, d)
}
const projects = byPhase.get(Number(phase))
if (!projects) {
  console.error(`usage: npm run test:phase <n>, n one of ${[...byPhase.keys()].sort((a, b) => a - b).join(', ')}`)
  process.exit(2)
}
const args = ['node_modules/vitest/vitest.mjs', 'run', ...projects.flatMap((p) => ['--project', p]), ...rest]
process.exit(spawnSync(process.execPath, args, { cwd: fileURLToPath(rootUrl), stdio: 'inherit' }).status ?? 1)
