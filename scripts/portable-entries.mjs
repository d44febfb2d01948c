/**
 * The entries that promise to run where there is no Node: browsers, workers, other runtimes.
 * At run time nothing they reach imports a node: module. The house test walks their sources, the pack check their dist.
 */
export const PORTABLE_ENTRIES = [
  '@sse-from-scratch/tcp-echo/limits',
  '@sse-from-scratch/http-raw/decoder',
  '@sse-from-scratch/http-raw/headers',
  '@sse-from-scratch/chunked/decoder',
  '@sse-from-scratch/sse-server',
  '@sse-from-scratch/sse-server/web',
  '@sse-from-scratch/sse-client/decoder',
  '@sse-from-scratch/sse-client/fetch',
  '@sse-from-scratch/llm-stream/fetch',
  '@sse-from-scratch/llm-stream/recording',
  '@sse-from-scratch/llm-stream/terminal',
]
