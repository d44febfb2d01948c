import type { Exercise } from '../exercises.ts'
import { bareName, connectModule, modulesOf } from './modules.ts'
import { STACK, stackSource, stackTest } from './stack.ts'

/** The files of a package of the learner's own, each under its name: sources, tests, README. */
export function packageFiles(name: string, exercises: readonly Exercise[]): Record<string, string> {
  const modules = exercises.flatMap((exercise) => modulesOf(exercise).modules)
  const files = Object.fromEntries(modules.map((module) => [`src/${module.name}`, module.code]))
  const capstone = exercises.find(({ kind }) => kind === 'capstone')
  const isWhole = capstone !== undefined && Object.values(STACK).every((id) => exercises.some((one) => one.id === id))
  const exported = exercises.map(
    (one) => `export * as ${camel(bareName(one.folder))} from './${bareName(one.folder)}.ts'`,
  )
  return {
    ...files,
    ...(isWhole && stackFiles(name, exercises, capstone)),
    'src/index.ts': `${[...exported, ...(isWhole ? ["export { ask } from './stack.ts'"] : [])].join('\n')}\n`,
    'test/exports.test.js': exportsTest(name, exercises),
    'README.md': readmeOf(name, exercises, isWhole),
    'package.json': manifestOf(name),
    'tsconfig.json': TSCONFIG,
  }
}

function stackFiles(name: string, exercises: readonly Exercise[], capstone: Exercise): Record<string, string> {
  const fileOf = (id: string) => `${bareName(exercises.find((one) => one.id === id)?.folder ?? '')}.ts`
  return {
    'src/connect.ts': connectModule(capstone).code,
    'src/stack.ts': stackSource(fileOf),
    'test/stack.test.js': stackTest(name),
  }
}

function exportsTest(name: string, exercises: readonly Exercise[]): string {
  const names = exercises.map(({ folder }) => camel(bareName(folder)))
  return `import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as all from '${name}'

for (const name of ${JSON.stringify(names)})
  test(name + ' has a function', () => {
    assert.ok(Object.values(all[name]).some((value) => typeof value === 'function'))
  })
`
}

function readmeOf(name: string, exercises: readonly Exercise[], isWhole: boolean): string {
  const list = exercises.map(({ title, folder }) => `- ${title}: \`src/${bareName(folder)}.ts\``)
  const example = isWhole
    ? `\`\`\`js
import { ask } from '${name}'

const json = { model: 'gpt-5', stream: true, messages: [{ role: 'user', content: 'Hello' }] }
const headers = { Authorization: 'Bearer ' + process.env.OPENAI_API_KEY }
for await (const delta of ask({ url: new URL('https://api.openai.com/v1/chat/completions'), headers, json }))
  if (delta.kind === 'text') process.stdout.write(delta.text)
\`\`\`

`
    : ''
  return `# ${name}

Streaming HTTP, built from scratch, layer by layer.

${example}${list.join('\n')}

\`npm test\` runs its tests. \`npx -p typescript tsc\` makes \`dist\` anew from \`src\`, with \`@types/node\` installed.
`
}

function manifestOf(name: string): string {
  const manifest = {
    name,
    version: '0.1.0',
    type: 'module',
    engines: { node: '>=20.19' },
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    files: ['dist', 'src'],
    scripts: { test: 'node --test test/*.test.js' },
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}

const TSCONFIG = `${JSON.stringify(
  {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable', 'esnext.array'],
      module: 'nodenext',
      rootDir: 'src',
      outDir: 'dist',
      declaration: true,
      strict: true,
      skipLibCheck: true,
      rewriteRelativeImportExtensions: true,
      types: ['node'],
    },
    include: ['src'],
  },
  null,
  2,
)}\n`

function camel(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}
