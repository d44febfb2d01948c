import { readFileSync } from 'node:fs'
import type { Handler } from '../contract.ts'
import { handler as right } from '../solution.ts'

const page = readFileSync(new URL('./onmessage-only.html', import.meta.url))

export const handler: Handler = (request, response, ticks) => {
  if (request.url === '/') response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page)
  else right(request, response, ticks)
}
