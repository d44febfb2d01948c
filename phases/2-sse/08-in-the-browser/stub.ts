import { todo } from '@sse-from-scratch/course'
import type { Handler } from './contract.ts'

/** The page. It is yours too: write it in exercise.html. */
export const page: URL = new URL('./exercise.html', import.meta.url)

export const handler: Handler = (_request, _response, _ticks) => todo('2.8 handler')
