import { echo, listen } from '@sse-from-scratch/tcp-echo'
import type { StartEcho } from './contract.ts'

export const startEcho: StartEcho = async (options) => {
  const listener = await listen(echo, options)
  return { port: listener.address.port, close: () => listener[Symbol.asyncDispose]() }
}
