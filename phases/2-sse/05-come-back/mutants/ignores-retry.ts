import type { Connect } from '../contract.ts'
import { connect as right } from '../solution.ts'

/** As if the decoder's `retry` items were passed over. */
export const connect: Connect = (url, { open, ...options }) =>
  right(url, {
    ...options,
    ...(open && {
      async open(request) {
        const answer = await open(request)
        return { ...answer, body: withoutRetry(answer.body) }
      },
    }),
  })

async function* withoutRetry(body: AsyncIterable<Uint8Array>) {
  for await (const bytes of body) yield Buffer.from(Buffer.from(bytes).toString().replaceAll('retry:', 'other:'))
}
