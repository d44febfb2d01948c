/** `path` under `baseUrl`. A query of the base URL (Azure's api-version) stays, a query of the path comes after it. */
export function requestUrl(baseUrl: string, path: string): URL {
  const url = new URL(baseUrl)
  const [pathname = '', query] = path.split('?')
  url.pathname = url.pathname.replace(/\/+$/, '') + pathname
  if (query !== undefined) url.search = url.search === '' ? query : `${url.search}&${query}`
  return url
}
