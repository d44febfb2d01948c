import type { NginxConf } from '../contract.ts'

export { headers, whatHolds } from '../solution.ts'

export const nginxConf: NginxConf = () => `
  proxy_buffering off;
  proxy_http_version 1.1
`
