import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import type { Package } from './tree.ts'
import { ROOT } from './tree.ts'

/** A name that a package exports, where it is declared, and what its doc comment says. */
export interface ExportedName {
  readonly name: string
  /** Relative to the root. */
  readonly file: string
  /** The text of the doc comment without its stars; undefined when there is none. */
  readonly doc: string | undefined
}

/** Every name that can be imported from a package, through any of its front doors. */
export function exportedNames({ folder, manifest }: Package): ExportedName[] {
  const doors = Object.values(manifest.exports ?? {}).flatMap((target) =>
    typeof target === 'string' ? [] : [target['@sse-from-scratch/source'] ?? ''],
  )
  const found = doors.flatMap((door) => namesOf(normalize(join(folder, door))))
  return [...new Map(found.map((exported) => [`${exported.file} ${exported.name}`, exported])).values()]
}

function namesOf(file: string): ExportedName[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  return [...declaredIn(file, text), ...listedIn(file, text), ...allIn(file, text)]
}

const DECLARATION =
  /^(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?(?:\/\/.*\n)*export (?:declare )?(?:async )?(?:abstract )?(?:function\*?|class|interface|type|const) (\w+)/gm

function declaredIn(file: string, text: string): ExportedName[] {
  return [...text.matchAll(DECLARATION)].map(([, comment, name = '']) => ({ name, file, doc: textOf(comment) }))
}

/** `export { a, type B as C } from './x.ts'`. What comes from another package is documented there. */
function listedIn(file: string, text: string): ExportedName[] {
  return [...text.matchAll(/^export (?:type )?\{([^}]*)\} from '([^']+)'/gm)].flatMap(([, list = '', from = '']) => {
    const source = normalize(join(dirname(file), from))
    if (!from.startsWith('.') || !existsSync(join(ROOT, source))) return []
    const there = namesOf(source)
    return list
      .split(',')
      .map((item) => item.trim().replace(/^type /, ''))
      .filter((item) => item !== '')
      .map((item) => {
        const [name = '', alias = name] = item.split(' as ')
        const exported = there.find((candidate) => candidate.name === name)
        if (exported === undefined) throw new Error(`${file} exports ${name}, which ${source} does not declare`)
        return { ...exported, name: alias }
      })
  })
}

/** `export * from './x.ts'`. */
function allIn(file: string, text: string): ExportedName[] {
  return [...text.matchAll(/^export \* from '(\.[^']+)'/gm)].flatMap(([, from = '']) =>
    namesOf(normalize(join(dirname(file), from))),
  )
}

function textOf(comment: string | undefined): string | undefined {
  return comment
    ?.replace(/^\/\*\*|\*\/\s*$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim()
}
