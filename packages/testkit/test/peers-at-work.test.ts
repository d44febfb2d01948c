import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import {
  describeWith,
  run,
  startApache,
  startCaddy,
  startChromium,
  startHaproxy,
  startNginx,
  startSquid,
  startVarnish,
} from '../src/index.ts'

async function hello(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((_req, res) => res.end('<title>from upstream</title>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

describeWith(['nginx', 'curl'], 'nginx', ([, curl]) => {
  test('passes requests on to the upstream, with the directives asked for', async () => {
    await using upstream = await hello()
    await using nginx = await startNginx({ upstream: upstream.port, location: 'add_header X-Through nginx always;' })
    const { stdout } = await run(curl?.path ?? '', ['-si', nginx.url])
    expect(stdout).toMatch(/x-through: nginx/i)
    expect(stdout).toContain('from upstream')
    expect(await nginx.accessLog()).toContain('"GET / HTTP/1.1" 200')
  })

  test('a configuration that nginx refuses is an error in its own words', async () => {
    await expect(startNginx({ upstream: 1, location: 'no_such_directive on;' })).rejects.toThrow(
      'unknown directive "no_such_directive"',
    )
  })

  test('after close nothing listens and nothing is left behind', async () => {
    const nginx = await startNginx({ upstream: 1 })
    await nginx.close()
    await expect(nginx.errorLog()).rejects.toThrow('ENOENT')
    await expect(fetch(nginx.url)).rejects.toThrow('fetch failed')
  })
})

describeWith(['haproxy', 'varnish', 'caddy', 'apache', 'squid'], 'another proxy', () => {
  const proxies = {
    haproxy: startHaproxy,
    varnish: startVarnish,
    caddy: startCaddy,
    apache: startApache,
    squid: startSquid,
  }

  test.each(Object.keys(proxies) as (keyof typeof proxies)[])(
    '%s passes requests on, until it is closed',
    async (name) => {
      await using upstream = await hello()
      const proxy = await proxies[name]({ upstream: upstream.port })
      expect(await (await fetch(proxy.url)).text()).toContain('from upstream')
      await proxy.close()
      await expect(fetch(proxy.url)).rejects.toThrow('fetch failed')
    },
  )

  test('that refuses its configuration is an error in its own words', async () => {
    await expect(startHaproxy({ upstream: 1, defaults: 'such a keyword' })).rejects.toThrow("unknown keyword 'such'")
  })
})

describeWith(['chromium'], 'chromium', () => {
  test('opens a page of ours', { timeout: 180_000 }, async () => {
    await using server = await hello()
    await using browser = await startChromium()
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${server.port}`)
    expect(await page.title()).toBe('from upstream')
  })
})
