/** Environment variables of clients, what they have behind the origin, and the hosts they are usually for. */
const CLIENTS: readonly { readonly name: string; readonly path: string; readonly host: RegExp }[] = [
  { name: 'OPENAI_BASE_URL', path: '/v1', host: /(?:^|\.)openai\.com$/ },
  { name: 'ANTHROPIC_BASE_URL', path: '', host: /(?:^|\.)anthropic\.com$/ },
  { name: 'GEMINI_BASE_URL', path: '', host: /(?:^|\.)googleapis\.com$/ },
  { name: 'OLLAMA_BASE_URL', path: '', host: /(?:^|\.)ollama\.com$/ },
]

/**
 * What to set so that clients ask the proxy: for a service that is known only what is for it, and else all. A path that was
 * given with the target is that of its base URL.
 */
export function baseUrls(proxy: string, target: URL): readonly string[] {
  const path = target.pathname.replace(/\/$/, '')
  const known = CLIENTS.filter(({ host }) => host.test(target.hostname))
  return (known.length > 0 ? known : CLIENTS).map((client) => `${client.name}=${proxy}${path || client.path}`)
}
