// npm run docs:posters [-- --check]: draws the pictures of docs/posters, or says which of them are out of date.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { posterFiles } from './posters.ts'

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
})
if (values.help) {
  console.log(`npm run docs:posters              draws the pictures of docs/posters, and writes its page
npm run docs:posters -- --check   names those that are out of date`)
  process.exit(0)
}
for (const { path, text, upToDate } of await posterFiles()) {
  if (upToDate) continue
  if (!values.check) writeFileSync(path, text)
  else process.exitCode = 1
  console.log(`${values.check ? 'out of date' : 'drawn'}: ${path}`)
}
