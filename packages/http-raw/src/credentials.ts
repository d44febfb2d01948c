/**
 * The fields that say who we are, in lower case: they go to no other origin (Fetch §4.4 asks that for Authorization), and
 * into no log. The last three are how providers of language models take their keys.
 */
export const CREDENTIALS: readonly string[] = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie', // only ever comes; in a log it is a key all the same
  'x-api-key',
  'api-key',
  'x-goog-api-key',
]
