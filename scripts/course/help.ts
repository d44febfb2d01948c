import type { Command } from './command.ts'
import { COMMANDS } from './commands.ts'

/** What the course can do. */
export function overview(): string {
  const own = COMMANDS.filter(({ forAuthors }) => !forAuthors)
  const authors = COMMANDS.filter(({ forAuthors }) => forAuthors)
  return `npm run course                 watch the current exercise: test it whenever you save (in a pipe: once)
npm run course <command>       pnpm course and npx tsx scripts/course/main.ts do the same

${own.map(line).join('\n')}

for those who write exercises
${authors.map(line).join('\n')}

An id is 1.2 or one-chunk; without one, the current exercise is meant. Options go behind --: npm run course -- list --json
Help for one: npm run course help check`
}

function line({ name, summary }: Command): string {
  return `  ${name.padEnd(10)} ${summary}`
}

/** What one command can do. */
export function helpFor({ name, usage, summary, help }: Command): string {
  const first = `course ${name} ${usage}`.trimEnd()
  return [`${first}\n\n  ${summary}`, ...(help === undefined ? [] : [help.replaceAll(/^/gm, '  ')])].join('\n\n')
}
