import { EVENT_STREAM_HEADERS } from '@sse-from-scratch/sse-server'
import type { StreamHeaders } from './contract.ts'

// The package says what a server can say. The rest is in the hands of whoever writes nginx.conf.
export { nginxConf, whatHolds } from './solution.ts'

export const headers: StreamHeaders = () => EVENT_STREAM_HEADERS
