import type { NginxConf } from '../contract.ts'

export { headers, whatHolds } from '../solution.ts'

export const nginxConf: NginxConf = () => 'proxy_http_version 1.1;'
