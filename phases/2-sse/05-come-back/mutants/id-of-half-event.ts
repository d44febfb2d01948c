import type { Connect } from '../contract.ts'
import { connect as right } from '../solution.ts'

export const connect: Connect = (url, { open, ...options }) => {
  let id: string | undefined
  async function* watched(body: AsyncIterable<Uint8Array>) {
    for await (const bytes of body) {
      for (const [, value] of new TextDecoder().decode(bytes).matchAll(/^id: (.*)$/gm)) id = value
      yield bytes
    }
  }
  return right(url, {
    ...options,
    ...(open && {
      async open(request) {
        const answer = await open({ ...request, headers: { ...request.headers, ...(id && { 'Last-Event-ID': id }) } })
        return { ...answer, body: watched(answer.body) }
      },
    }),
  })
}
