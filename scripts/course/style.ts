/** How text looks: colours where they are shown, and how wide a line may be. A mark stands beside every colour. */
export interface Style {
  readonly columns: number
  readonly good: Paint
  readonly bad: Paint
  readonly dim: Paint
  readonly strong: Paint
}

type Paint = (text: string) => string

const NARROWEST = 40
const USUAL = 80
/** Lines longer than this are hard to read, however wide the window is. */
const WIDEST = 120

/** With colours, unless NO_COLOR (https://no-color.org) or a terminal without any says otherwise. */
export function styleOf(env: NodeJS.ProcessEnv, columns: number = process.stdout.columns): Style {
  if (env['NO_COLOR'] || env['TERM'] === 'dumb') return plainStyle(env, columns)
  const paint =
    (open: number, close: number): Paint =>
    (text) =>
      `\u001b[${open}m${text}\u001b[${close}m`
  return { columns: within(columns), good: paint(32, 39), bad: paint(31, 39), dim: paint(2, 22), strong: paint(1, 22) }
}

/** Without colours: for pipes, files and those who do not see them. */
export function plainStyle(env: NodeJS.ProcessEnv, columns: number = Number(env['COLUMNS'])): Style {
  const same: Paint = (text) => text
  return { columns: within(columns), good: same, bad: same, dim: same, strong: same }
}

function within(columns: number): number {
  return Number.isInteger(columns) && columns > 0 ? Math.min(WIDEST, Math.max(NARROWEST, columns)) : USUAL
}

/** Breaks lines that are too long at their spaces; what goes on is indented as the line is, and `hang` more. */
export function wrap(text: string, columns: number, hang = 0): string {
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line, columns, hang))
    .join('\n')
}

function wrapLine(line: string, columns: number, hang: number): string[] {
  const [indent = ''] = /^ */.exec(line) ?? []
  const lines: string[] = []
  let rest = line
  while (rest.length > columns) {
    const space = rest.lastIndexOf(' ', columns)
    if (space <= indent.length + hang) break // a word longer than the line stays whole
    lines.push(rest.slice(0, space))
    rest = `${indent}${' '.repeat(hang)}${rest.slice(space + 1)}`
  }
  return [...lines, rest]
}

/** Paragraphs of Markdown as wide as the window; code, lists and tables keep their lines. */
export function reflow(markdown: string, columns: number): string {
  const blocks = markdown.split(/(^```[\s\S]*?^```$)/m)
  return blocks.map((block) => (block.startsWith('```') ? block : wrap(joined(block), columns))).join('')
}

function joined(prose: string): string {
  return prose.replaceAll(/(?<=\S)\n(?=[^\s\-*|>#\d])/g, ' ')
}
