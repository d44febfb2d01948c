// Packs every package, lints the tarballs, and uses them from a project outside the workspace.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const pin = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager.split('+')[0]
const out = mkdtempSync(join(tmpdir(), 'lab-pack-'))
const app = join(out, 'app')
const env = { ...process.env, NODE_OPTIONS: '' }
const run = (cmd, args, cwd = root) => execFileSync(cmd, args, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] })
const bin = (name) => join(root, 'node_modules/.bin', name)

try {
  run(bin('tsc'), ['-b'])
  for (const d of readdirSync(join(root, 'packages'))) {
    if (JSON.parse(readFileSync(join(root, 'packages', d, 'package.json'), 'utf8')).private) continue
    run(
      'npm',
      ['exec', '--yes', `--package=${pin}`, '--', 'pnpm', 'pack', '--pack-destination', out],
      join(root, 'packages', d),
    )
  }
  const tarballs = readdirSync(out).filter((f) => f.endsWith('.tgz'))
  for (const t of tarballs) {
    run(bin('publint'), [join(out, t), '--strict'])
    run(bin('attw'), [join(out, t), '--profile', 'esm-only', '--quiet'])
  }
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), '{"private":true,"type":"module"}')
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', ...tarballs.map((t) => join(out, t))], app)
  const names = readdirSync(join(app, 'node_modules/@sse-from-scratch')).map((n) => `@sse-from-scratch/${n}`)
  writeFileSync(
    join(app, 'esm.mjs'),
    names
      .map((n) => `console.log(Object.keys(await import('${n}')).length > 0 ? 'esm ok' : 'empty', '${n}')`)
      .join('\n'),
  )
  writeFileSync(
    join(app, 'cjs.cjs'),
    names.map((n) => `console.log(Object.keys(require('${n}')).length > 0 ? 'cjs ok' : 'empty', '${n}')`).join('\n'),
  )
  writeFileSync(join(app, 'use.mts'), names.map((n, i) => `export * as m${i} from '${n}'`).join('\n'))
  process.stdout.write(run(process.execPath, ['esm.mjs'], app))
  process.stdout.write(run(process.execPath, ['cjs.cjs'], app))
  run(
    bin('tsc'),
    [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      'false',
      '--target',
      'es2023',
      '--types',
      '',
      '--module',
      'nodenext',
      'use.mts',
    ],
    app,
  )
  console.log(`pack-check: ${tarballs.length} tarballs ok (publint, attw esm-only, import, require, tsc nodenext)`)
} finally {
  rmSync(out, { recursive: true, force: true })
}
