import type { KeptAnswer, KeptAnswers } from './kept-answers.ts'
import { Refusal } from './refusal.ts'
import type { Route } from './routes.ts'
import type { Frame } from './wire-format.ts'

/** Where a stream goes on: behind so many frames, or behind so many bytes. */
export interface Start {
  readonly frames: number
  readonly bytes: number
}

/** An answer that is asked for again, and where it starts; without a start, it is wanted as a whole. */
export interface Found extends KeptAnswer {
  readonly start: Start | undefined
}

/** Finds the answer a GET is about. */
export function findAgain({ action, id = '', target: { query } }: Route, kept: KeptAnswers): Found {
  if (action === 'rest') return restOf(query, kept)
  const found = kept.find(`response ${id}`)
  if (!found)
    throw new Refusal(404, 'There is no response with this id, or it is too long ago.', { param: 'response_id' })
  if (query.get('stream') !== 'true') return { ...found, start: undefined }
  if (!found.answer.ask.background) {
    throw new Refusal(400, 'Only a response that was made with background: true can be streamed again.', {
      param: 'stream',
    })
  }
  const last = query.has('starting_after') ? numberIn(query, 'starting_after') : -1
  return { ...found, start: { frames: last + 1, bytes: 0 } } // each frame has the number of those before it
}

function restOf(query: URLSearchParams, kept: KeptAnswers): Found {
  const found = kept.find(`stream ${query.get('conv_id')}`)
  if (!found)
    throw new Refusal(404, 'There is no stream with this conv_id, or it is too long ago.', { param: 'conv_id' })
  return { ...found, start: { frames: 0, bytes: query.has('from') ? numberIn(query, 'from') : 0 } }
}

function numberIn(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? ''
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new Refusal(400, `'${name}' must be a whole number of at least 0.`, { param: name })
}

/** The frames from there on; what has been made before waits for no token. */
export function* from(frames: Iterable<Frame>, start: Start): Iterable<Frame> {
  let { frames: skipped, bytes: left } = start
  for (const frame of frames) {
    const taken = skipped > 0 ? frame.bytes.length : Math.min(left, frame.bytes.length)
    if (skipped > 0) skipped -= 1
    else left -= taken
    if (taken < frame.bytes.length) yield { ...frame, bytes: frame.bytes.subarray(taken) }
  }
}
