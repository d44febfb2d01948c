import type { NginxConf, StreamHeaders, WhatHolds } from './contract.ts'

export const whatHolds: WhatHolds = ({ sent, seen, asked, answered, coding }) => {
  const nexts = sent.slice(1)
  const late = nexts.filter((next, nth) => (seen[nth] ?? Number.POSITIVE_INFINITY) >= next)
  if (late.length <= nexts.length / 2) return 'nothing' // whatever else there is to see: it does no harm
  if (coding !== undefined) return 'gzip'
  if (answered === 'chunked') return 'large-events'
  return asked === 'HTTP/1.0' ? 'asked-in-1.0' : 'until-close'
}

export const headers: StreamHeaders = () => ({
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-cache',
  'X-Accel-Buffering': 'no', // nginx obeys, and does not pass it on: a second nginx will not hear of it
})

export const nginxConf: NginxConf = () => `
  proxy_buffering off;      # what has come goes on at once, whatever frames it
  proxy_http_version 1.1;   # asks for chunks: without them a server that breaks off looks like one that is done
`
