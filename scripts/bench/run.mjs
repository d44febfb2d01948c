// npm run bench:<name>: builds the packages and the benchmark, then runs it as plain JavaScript.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = dirname(fileURLToPath(import.meta.url))
const [name = '', ...args] = process.argv.slice(2)

const manifest = createRequire(import.meta.url).resolve('typescript/package.json')
const built = spawnSync(process.execPath, [join(dirname(manifest), 'bin/tsc'), '-b', folder], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
})
if (built.status !== 0) {
  console.error(`${built.stdout}\nThe build failed: nothing is measured.`)
  process.exit(1)
}
const result = spawnSync(process.execPath, [join(folder, 'dist', `${name}.js`), ...args], { stdio: 'inherit' })
process.exit(result.status ?? 1)
