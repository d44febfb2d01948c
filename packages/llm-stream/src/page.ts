/** An HTML page in a few words, or `undefined` for anything else: a gateway, a login or a web app has answered. */
export function pageIn(text: string): string | undefined {
  const title = /<title[^>]*>([^<]{1,200})/i.exec(text)?.[1]
  if (title !== undefined) return `a page titled ${JSON.stringify(title.trim())}`
  return text.trimStart().startsWith('<') ? 'a page, not JSON' : undefined
}
