import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { documents } from '../../test/markdown.ts'
import { withQuotes } from './quotes.ts'

const HELP = `npm run docs:quotes               which pages quote code that has changed
npm run docs:quotes -- --write    puts it right`

const { values } = parseArgs({ options: { write: { type: 'boolean' }, help: { type: 'boolean' } } })

if (values.help === true) console.log(HELP)
else {
  const stale = documents().filter(({ file }) => withQuotes(readFileSync(file, 'utf8')) !== readFileSync(file, 'utf8'))
  for (const { file } of stale) {
    if (values.write === true) writeFileSync(file, withQuotes(readFileSync(file, 'utf8')))
    console.log(`${file}: ${values.write === true ? 'written' : 'quotes code that has changed'}`)
  }
  if (stale.length === 0) console.log('every quote is as its file has it')
  else if (values.write !== true) process.exitCode = 1
}
