import { shortened } from './shortened.ts'

/** Characters of a page's title that are repeated. */
const MAX_TITLE = 200

/** An HTML page in a few words, or `undefined` for anything else: a gateway, a login or a web app has answered. */
export function pageIn(text: string): string | undefined {
  const title = /<title[^>]*>([^<]+)/i.exec(text)?.[1]
  if (title !== undefined) return `a page titled ${JSON.stringify(shortened(title.trim(), MAX_TITLE))}`
  return text.trimStart().startsWith('<') ? 'a page, not JSON' : undefined
}
