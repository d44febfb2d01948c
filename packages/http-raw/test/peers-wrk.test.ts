import { type Handler, serve } from '@sse-from-scratch/http-raw'
import { describeWith, run } from '@sse-from-scratch/testkit'
import { expect, test } from 'vitest'

const GONE: readonly unknown[] = ['TCP_RESET', 'TCP_CLOSED', 'HTTP_INCOMPLETE']

describeWith(['wrk'], 'wrk', ([tool]) => {
  test('finds no fault with HTTP/1.0, and its connections are kept', async () => {
    const connections = new Set<unknown>()
    const errors: unknown[] = []
    let handled = 0
    const handler: Handler = async ({ connection }, respond) => {
      handled++
      connections.add(connection)
      await respond(200, { 'Content-Type': 'text/plain' }, 'hello')
    }
    await using server = await serve(handler, { onError: (error) => errors.push((error as { code: string }).code) })
    const url = `http://127.0.0.1:${server.address.port}/`
    const { stdout, code } = await run(tool?.path ?? 'wrk', ['-t1', '-c16', '-d1s', '--timeout', '30s', url])
    expect(code).toBe(0)
    expect(stdout).not.toMatch(/Socket errors|Non-2xx/)
    expect(handled).toBeGreaterThan(16)
    expect(connections.size).toBeLessThanOrEqual(17) // one more to see whether anybody is there
    // When its time is up it hangs up, wherever it is: that is the only end we may have seen.
    expect(errors.filter((error) => !GONE.includes(error))).toEqual([])
  })
})
