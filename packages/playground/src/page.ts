import { readFile } from 'node:fs/promises'

/** One file of the page, as it is answered. */
export interface PageFile {
  readonly fields: Readonly<Record<string, string>>
  readonly content: Uint8Array
}

const SCRIPTS = [
  'answer.js',
  'bytes.js',
  'bytes-stream.js',
  'chooser.js',
  'commands.js',
  'escapes.js',
  'follow.js',
  'lane.js',
  'lane-view.js',
  'line.js',
  'meter.js',
  'no-stream.js',
  'order.js',
  'page.js',
  'prompt.js',
  'result.js',
  'tally.js',
  'template.js',
  'wire-meter.js',
] as const

const FILES: readonly (readonly [path: string, name: string, type: string])[] = [
  ['/', 'index.html', 'text/html; charset=utf-8'],
  ['/page.css', 'page.css', 'text/css; charset=utf-8'],
  ...SCRIPTS.map((name) => [`/${name}`, name, 'text/javascript; charset=utf-8'] as const),
]

/** Reads the page once, at the start: path to file. */
export async function loadPage(): Promise<ReadonlyMap<string, PageFile>> {
  const files = FILES.map(async ([path, name, type]) => {
    const content = await readFile(new URL(`../page/${name}`, import.meta.url))
    const fields = {
      'Content-Type': type,
      'Cache-Control': 'no-cache',
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy':
        "default-src 'self'; img-src data:; frame-ancestors 'none'; form-action 'self'; base-uri 'none'",
    }
    return [path, { fields, content }] as const
  })
  return new Map(await Promise.all(files))
}
