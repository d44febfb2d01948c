import { UsageError } from './options.ts'

/**
 * The target as people type it: `https://api.openai.com/v1`, `localhost:8089`, `8089`. The path is that of a base URL.
 *
 * @throws UsageError that says what is wrong with it
 */
export function targetIn(word: string): URL {
  const text = /^\d+$/.test(word) ? `http://127.0.0.1:${word}` : word.includes('://') ? word : `http://${word}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new UsageError(`the target is a URL such as https://api.openai.com, not ${JSON.stringify(word)}`)
  }
  if (url.username !== '' || url.password !== '')
    throw new UsageError('no credentials in the target: clients send theirs')
  if (url.search !== '' || url.hash !== '') throw new UsageError('the target has no query: clients send theirs')
  return url
}
