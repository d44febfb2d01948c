/** Text that stays in its cell of a table, and is nothing but text. */
export function cell(text: string): string {
  return text
    .replace(/\p{Cc}/gu, ' ')
    .replaceAll('`', 'ˋ')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
}

/** The same as code, in which nothing else means anything. */
export function code(text: string): string {
  return `\`${text
    .replace(/\p{Cc}/gu, ' ')
    .replaceAll('`', 'ˋ')
    .replaceAll('|', '\\|')}\``
}

export function milliseconds(value: number): string {
  const digits = Math.abs(value) < 100 ? 1 : 0
  return `${value.toFixed(digits)} ms`
}

export function bytes(size: number): string {
  if (size < 10_000) return `${size} B`
  return size < 10_000_000 ? `${(size / 1000).toFixed(1)} kB` : `${(size / 1_000_000).toFixed(1)} MB`
}
