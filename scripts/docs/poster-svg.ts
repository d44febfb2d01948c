/** A drawing, and how high it turned out. */
export interface Drawing {
  readonly parts: readonly string[]
  readonly height: number
}

/** As wide as a page of GitHub's shows without making it smaller. */
export const WIDTH = 880
export const MARGIN = 20
/** Where a drawing starts, below the title. */
export const TOP = 58
/** The width of a byte. */
export const CELL = 25
/** The height of a byte: in hexadecimal, and below it what that is as text. */
export const CELL_HEIGHT = 36

// Colours repeat what is written beside them. Light ones have 4.5:1 on their background, and so have dark ones.
const STYLE = `:root{--ink:#1d2326;--quiet:#566064;--page:#fbfaf7;--line:#cfccc2;--byte:#fff;--http:#0b6f8a;--chunked:#8a5a00;--sse:#2f6f2a;--llm:#8a2f7a;--body:#566064;--alarm:#a3261c}
@media (prefers-color-scheme:dark){:root{--ink:#e6e8e6;--quiet:#a3aeb2;--page:#14181a;--line:#414b50;--byte:#1d2326;--http:#5cc3e0;--chunked:#e8b455;--sse:#8fcf87;--llm:#e79ad8;--body:#a3aeb2;--alarm:#ff8f83}}
text{font:13px system-ui,sans-serif;fill:var(--ink)}.title{font-size:20px;font-weight:600}.quiet{fill:var(--quiet);font-size:12px}.name{font-weight:600}.mono{font:13px ui-monospace,Menlo,Consolas,monospace}.small{font:11px ui-monospace,Menlo,Consolas,monospace;fill:var(--quiet)}.mid{text-anchor:middle}.end{text-anchor:end}
.byte{fill:var(--byte);stroke:var(--line)}.mark{fill:var(--byte);stroke:var(--line);stroke-dasharray:3 2}.line{stroke:var(--line)}.arrow{stroke:var(--ink);stroke-width:1.5;fill:none}.head{fill:var(--ink)}
.http{fill:var(--http)}.chunked{fill:var(--chunked)}.sse{fill:var(--sse)}.llm{fill:var(--llm)}.body{fill:var(--body)}.alarm{fill:var(--alarm)}`

/** The whole picture. Who cannot see it has its title and its description; the page beside it has all of it as text. */
export function frame(title: string, description: string, { parts, height }: Drawing): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title desc">
<title id="title">${escaped(title)}</title>
<desc id="desc">${escaped(description)}</desc>
<style>
${STYLE}
</style>
<rect width="${WIDTH}" height="${height}" rx="8" fill="var(--page)"/>
${text(MARGIN, 36, title, 'title')}
${parts.join('\n')}
</svg>
`
}

/** A line of text, by its baseline. */
export function text(x: number, y: number, content: string, classes: string = ''): string {
  return `<text x="${x}" y="${y}"${classes && ` class="${classes}"`}>${escaped(content)}</text>`
}

/**
 * A byte: its value above, its character below. What is punctuation has a dashed frame. CR and LF are words, because many
 * fonts lack their pictures.
 */
export function cell(x: number, y: number, byte: number, isMark: boolean): string {
  const middle = x + CELL / 2
  const hex = byte.toString(16).padStart(2, '0')
  return `<rect x="${x}" y="${y}" width="${CELL}" height="${CELL_HEIGHT}" class="${isMark ? 'mark' : 'byte'}"/>${text(middle, y + 15, hex, 'mono mid')}${text(middle, y + 30, byte === 0x0d ? 'CR' : byte === 0x0a ? 'LF' : pictureOf(byte), 'small mid')}`
}

/** As `explain` writes them: ␍ for CR, ␊ for LF, · for a space, ▒ for what is no ASCII. */
export function pictureOf(byte: number): string {
  if (byte === 0x20) return '·'
  if (byte === 0x7f) return '␡'
  if (byte > 0x7f) return '▒'
  return String.fromCharCode(byte < 0x20 ? 0x2400 + byte : byte)
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
