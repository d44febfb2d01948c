import { todo } from '@sse-from-scratch/course'
import type { PostStream } from './contract.ts'

export const postStream: PostStream = async (_url, _options) => todo('3.1 postStream')
