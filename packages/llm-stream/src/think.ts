import type { LlmEvent } from './events.ts'
import type { LlmMapper, Provider } from './provider.ts'
import { createThinkTags, type ThinkPiece, type ThinkTags, type ThinkTagsOptions } from './think-tags.ts'

/**
 * The same provider, for models that write their thoughts into the text, between `<think>` and `</think>`: they become
 * `reasoning` events. Off unless asked for, since only who knows the model knows what its tags mean.
 *
 * @throws RangeError for an empty tag
 */
export function withThinkTags(provider: Provider, options: ThinkTagsOptions = {}): Provider {
  createThinkTags(options)
  return { ...provider, createMapper: () => createThinkMapper(provider.createMapper(), options) }
}

function createThinkMapper(mapper: LlmMapper, options: ThinkTagsOptions): LlmMapper {
  const choices = new Map<number, ThinkTags>() // the mapper below bounds how many there are

  function tagsOf(choice: number): ThinkTags {
    const tags = choices.get(choice) ?? createThinkTags(options)
    choices.set(choice, tags)
    return tags
  }

  /** What is held is said before anything else of its choice is. */
  function split(events: readonly LlmEvent[]): readonly LlmEvent[] {
    return events.flatMap((event) => {
      if (event.kind === 'text') return piecesOf(event.choice, (emit) => tagsOf(event.choice).push(event.text, emit))
      if (event.kind === 'stop') return [...rest(event.choice), event]
      return [event]
    })
  }

  function rest(choice: number): readonly LlmEvent[] {
    return piecesOf(choice, (emit) => choices.get(choice)?.end(emit))
  }

  function withRest(events: readonly LlmEvent[]): readonly LlmEvent[] {
    return mapper.done ? [...events, ...[...choices.keys()].flatMap(rest)] : events
  }

  return {
    ...mapper,
    map: (event) => withRest(split(mapper.map(event))),
    get done() {
      return mapper.done
    },
    get settled() {
      return mapper.settled === true
    },
    end: () => [...split(mapper.end()), ...[...choices.keys()].flatMap(rest)],
  }
}

function piecesOf(choice: number, take: (emit: (piece: ThinkPiece) => void) => void): readonly LlmEvent[] {
  const events: LlmEvent[] = []
  take((piece) => events.push({ ...piece, choice }))
  return events
}
