import { readFile } from 'node:fs/promises'

/** One file of the page, as it is answered. */
export interface PageFile {
  readonly fields: Readonly<Record<string, string>>
  readonly content: Uint8Array
}

const FILES = [
  ['/', 'index.html', 'text/html; charset=utf-8'],
  ['/page.css', 'page.css', 'text/css; charset=utf-8'],
  ['/bytes.js', 'bytes.js', 'text/javascript; charset=utf-8'],
  ['/bytes-stream.js', 'bytes-stream.js', 'text/javascript; charset=utf-8'],
  ['/commands.js', 'commands.js', 'text/javascript; charset=utf-8'],
  ['/escapes.js', 'escapes.js', 'text/javascript; charset=utf-8'],
  ['/follow.js', 'follow.js', 'text/javascript; charset=utf-8'],
  ['/lane.js', 'lane.js', 'text/javascript; charset=utf-8'],
  ['/lane-view.js', 'lane-view.js', 'text/javascript; charset=utf-8'],
  ['/meter.js', 'meter.js', 'text/javascript; charset=utf-8'],
  ['/no-stream.js', 'no-stream.js', 'text/javascript; charset=utf-8'],
  ['/page.js', 'page.js', 'text/javascript; charset=utf-8'],
  ['/prompt.js', 'prompt.js', 'text/javascript; charset=utf-8'],
  ['/template.js', 'template.js', 'text/javascript; charset=utf-8'],
] as const

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
