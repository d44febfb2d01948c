import { readFile } from 'node:fs/promises'

/** One file of the page, as it is answered. */
export interface PageFile {
  readonly fields: Readonly<Record<string, string>>
  readonly content: Uint8Array
}

const SCRIPTS = [
  'axis.js',
  'byte-rows.js',
  'bytes-pane.js',
  'canvas.js',
  'chooser.js',
  'chosen.js',
  'curve.js',
  'exchange.js',
  'facts.js',
  'feed.js',
  'filling.js',
  'findings-pane.js',
  'format.js',
  'frame.js',
  'hole.js',
  'judging.js',
  'keys.js',
  'lane.js',
  'lanes-pane.js',
  'layers.js',
  'marks.js',
  'page.js',
  'relatives.js',
  'scrubber.js',
  'search.js',
  'staircase-pane.js',
  'state.js',
  'table-cells.js',
  'table-pane.js',
  'time-window.js',
] as const

/**
 * The page runs its own scripts and shows text, and can do nothing else: no inline script or style, no request to anybody
 * but this server, and `Trusted Types` refuse to make elements of text.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

const FILES: readonly (readonly [path: string, name: string, type: string])[] = [
  ['/', 'index.html', 'text/html; charset=utf-8'],
  ['/page.css', 'page.css', 'text/css; charset=utf-8'],
  ...SCRIPTS.map((name) => [`/${name}`, name, 'text/javascript; charset=utf-8'] as const),
]

/** Reads the page once, at the start: path to file. */
export async function loadPage(): Promise<ReadonlyMap<string, PageFile>> {
  const files = FILES.map(async ([path, name, type]) => {
    const content = await readFile(new URL(`../../page/${name}`, import.meta.url))
    const fields = {
      'Content-Type': type,
      'Cache-Control': 'no-cache',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Content-Security-Policy': POLICY,
    }
    return [path, { fields, content }] as const
  })
  return new Map(await Promise.all(files))
}
