import type { StopReason } from '../events.ts'

/** What a finishReason means; what is not here is `undefined`. */
export const stopReasons: ReadonlyMap<string, StopReason> = new Map(
  Object.entries<StopReason>({
    STOP: 'stop',
    MAX_TOKENS: 'length',
    SAFETY: 'content-filter',
    RECITATION: 'content-filter',
    BLOCKLIST: 'content-filter',
    PROHIBITED_CONTENT: 'content-filter',
    SPII: 'content-filter',
    IMAGE_SAFETY: 'content-filter',
    IMAGE_PROHIBITED_CONTENT: 'content-filter',
    IMAGE_RECITATION: 'content-filter',
    CONTINUATION: 'pause',
  }),
)
