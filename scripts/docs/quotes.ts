import { readFileSync } from 'node:fs'

const OPENING = /^( {0,3})```ts file=(\S+?)#(\S+)$/
const GOES_ON = /[{([=>,]$/
const CLOSES = /^[}\])]/

/** A page, each "```ts file=path#name" in it filled with that declaration as it stands in its file today. */
export function withQuotes(page: string): string {
  const out: string[] = []
  let quoting = false
  for (const line of page.split('\n')) {
    if (!quoting) out.push(line)
    const [, , path, name] = OPENING.exec(line) ?? []
    if (path !== undefined && name !== undefined) {
      out.push(...declaration(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'), name, path))
      quoting = true
    } else if (quoting && line.trim() === '```') {
      out.push(line)
      quoting = false
    }
  }
  if (quoting) throw new Error('a quote is never closed')
  return out.join('\n')
}

/** The lines of one top-level declaration, with the comment right above it. */
export function declaration(source: string, name: string, path: string): string[] {
  const lines = source.split('\n')
  const named = new RegExp(`^(?:export )?(?:async )?(?:function\\*?|const|interface|type|class) ${name}\\b`)
  const first = lines.findIndex((line) => named.test(line))
  if (first === -1) throw new Error(`${path} declares no ${name}`)
  let start = first
  while (/^(?:\/\*\*|\/\/| \*)/.test(lines[start - 1] ?? '')) start--
  let end = first
  if (GOES_ON.test(lines[first] ?? ''))
    end = lines.findIndex((line, i) => i > first && CLOSES.test(line) && !GOES_ON.test(line))
  if (end === -1) throw new Error(`${path}: ${name} does not end`)
  return lines.slice(start, end + 1)
}
