import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, ROOT } from './tree.ts'

export interface Fence {
  /** For example "packages/chunked/README.md". */
  readonly file: string
  /** Of the opening fence, from 1. */
  readonly line: number
  readonly language: string
  readonly code: string
  /** "path#name" of the declaration it quotes: `ts file=path#name`. */
  readonly source?: string
  /** What it prints, if the document says so: a text fence behind `<!-- output -->`. */
  readonly output: string | undefined
}

export interface Link {
  readonly file: string
  readonly line: number
  readonly target: string
}

export interface Document {
  readonly file: string
  readonly fences: readonly Fence[]
  readonly links: readonly Link[]
  /** What `#…` can point to. */
  readonly anchors: ReadonlySet<string>
}

const OUTPUT = '<!-- output -->'

/** Every page a reader meets. */
export function documents(): Document[] {
  const files = [
    ...['README.md', 'CONTRIBUTING.md'].filter((file) => existsSync(join(ROOT, file))),
    ...['docs', 'examples', 'packages', 'phases', 'scripts'].flatMap((folder) => filesBelow(folder, '.md')),
  ]
  return files.map((file) => parse(file, readFileSync(join(ROOT, file), 'utf8')))
}

export function parse(file: string, text: string): Document {
  const lines = text.split('\n')
  const fences: Fence[] = []
  const links: Link[] = []
  const anchors = new Set<string>()
  let outputFollows = false
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? ''
    const opening = /^( *)(`{3,}|~{3,})\s*(\S*)(?: file=(\S+))?/.exec(line)
    if (opening === null) {
      if (line.trim() !== '') outputFollows = line.trim() === OUTPUT
      const heading = /^#{1,6} +(.*?)#* *$/.exec(line)?.[1]
      if (heading !== undefined) anchors.add(anchorOf(heading, anchors))
      for (const target of linksIn(line)) links.push({ file, line: i + 1, target })
      continue
    }
    const [, indent = '', marks = '', language = '', source] = opening
    const end = lines.findIndex((other, j) => j > i && other.trim() === marks)
    if (end < 0) throw new Error(`${file}:${i + 1}: this fence is never closed`)
    const code = lines.slice(i + 1, end).map((l) => (l.startsWith(indent) ? l.slice(indent.length) : l))
    const fence = {
      file,
      line: i + 1,
      language,
      code: code.join('\n'),
      output: undefined,
      ...(source !== undefined && { source }),
    }
    const before = fences.at(-1)
    if (outputFollows && before !== undefined) fences[fences.length - 1] = { ...before, output: fence.code }
    fences.push(fence)
    outputFollows = false
    i = end
  }
  return { file, fences, links, anchors }
}

/** The commands of a sh or console fence, one a line, without prompt and comment. */
export function commandsIn({ code, language }: Fence): string[] {
  return code
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => language === 'sh' || line.startsWith('$ '))
    .map((line) =>
      line
        .replace(/^\$ /, '')
        .replace(/(^|\s+)#.*$/, '')
        .trim(),
    )
    .filter((line) => line !== '')
}

function linksIn(line: string): string[] {
  const prose = line.replaceAll(/`[^`]*`/g, '')
  const inline = [...prose.matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)/g)].map(([, target = '']) => target)
  const html = [...prose.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, target = '']) => target)
  const reference = /^\[[^\]]+\]: +(\S+)/.exec(prose)?.[1]
  return [...inline, ...html, ...(reference === undefined ? [] : [reference])]
}

/** As GitHub makes them: lower case, no punctuation, hyphens for spaces, a number for the second one. */
function anchorOf(heading: string, taken: ReadonlySet<string>): string {
  const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '')
  const anchor = text
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-')
  if (!taken.has(anchor)) return anchor
  for (let n = 1; ; n++) if (!taken.has(`${anchor}-${n}`)) return `${anchor}-${n}`
}
