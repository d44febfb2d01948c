import { todo } from '@sse-from-scratch/course'
import type { CreateServer } from './contract.ts'

// 0.6 and 0.7 are there for you as a package: parseRequestHead, encodeResponseHead, Fields, persists and reasonPhrase
// of @sse-from-scratch/http-raw.
export const createServer: CreateServer = (_handler) => todo('0.8 createServer')
