import type { StreamHeaders } from '../contract.ts'

export { nginxConf, whatHolds } from '../solution.ts'

export const headers: StreamHeaders = () => ({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' })
