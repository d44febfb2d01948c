import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT, SCOPE, workspacePackages } from './tree.ts'

export interface Import {
  readonly specifier: string
  /** Gone at run time: `import type` and `export type`. */
  readonly typeOnly: boolean
}

// Import and export declarations as Biome formats them, and import() with a literal.
const DECLARATION = /^(?:import|export)\s+(type\s)?(?:[^'";=()]*?\sfrom\s+)?'([^']+)'/gm
const DYNAMIC = /\bimport\('([^']+)'\)/g

/** What a source file imports. `import { type A } from` counts as run time: with verbatimModuleSyntax it stays. */
export function importsOf(path: string): Import[] {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const declared = [...text.matchAll(DECLARATION)].map(([, type, specifier = '']) => ({
    specifier,
    typeOnly: type !== undefined,
  }))
  const dynamic = [...text.matchAll(DYNAMIC)].map(([, specifier = '']) => ({ specifier, typeOnly: false }))
  return [...declared, ...dynamic]
}

/** The source file behind '@sse-from-scratch/x/y', or undefined when that is no front door. */
export function sourceOf(specifier: string): string | undefined {
  const owner = workspacePackages().find(
    ({ manifest }) => specifier === manifest.name || specifier.startsWith(`${manifest.name}/`),
  )
  const target = owner?.manifest.exports?.[`.${specifier.slice(owner.manifest.name.length)}`]
  if (owner === undefined || target === undefined || typeof target === 'string') return undefined
  return join(owner.folder, target['@sse-from-scratch/source'] ?? '').replaceAll('\\', '/')
}

/** Everything that is loaded when this file is: files of the workspace and what they import from outside. */
export function reachedFrom(path: string): { files: Set<string>; outside: Map<string, string> } {
  const files = new Set<string>()
  const outside = new Map<string, string>()
  const visit = (file: string): void => {
    if (files.has(file)) return
    files.add(file)
    for (const { specifier, typeOnly } of importsOf(file)) {
      if (typeOnly) continue
      if (specifier.startsWith('.')) visit(join(dirname(file), specifier).replaceAll('\\', '/'))
      else if (specifier.startsWith(SCOPE)) visit(sourceOf(specifier) ?? specifier)
      else outside.set(specifier, file)
    }
  }
  visit(path)
  return { files, outside }
}
