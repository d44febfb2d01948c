/**
 * The fields that say who we are, in lower case: they go to no other origin (Fetch §4.4 asks that for Authorization), and
 * into no log. Those behind `x-xsrf-token` are how providers of models, clouds and forges take their keys.
 */
export const CREDENTIALS: readonly string[] = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie', // only ever comes; in a log it is a key all the same
  'x-csrf-token', // proves, beside a cookie, that a page of the site itself is asking
  'x-xsrf-token',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'x-auth-token',
  'private-token',
  'x-amz-security-token',
  'ocp-apim-subscription-key',
]
