import type { Item } from '../proxy/item.ts'
import { createTimeline } from '../timeline/index.ts'
import { wholeNumberIn } from './options.ts'
import { opened } from './web.ts'

/** The page that shows what goes by. */
export interface LivePage {
  readonly url: string
  take(item: Item): void
  close(): Promise<void>
}

/** Undefined where no port says that one is wanted. */
export async function livePage(port: string | undefined, title: string): Promise<LivePage | undefined> {
  const number = wholeNumberIn(port, '--web', 0, 65_535)
  if (number === undefined) return undefined
  const timeline = createTimeline()
  const view = await opened({
    taps: [
      {
        name: 'xray',
        get exchanges() {
          return timeline.exchanges
        },
      },
    ],
    title,
    live: true,
    port: number,
  })
  return {
    url: view.url,
    take(item) {
      timeline.take(item)
      view.changed()
    },
    close: () => view[Symbol.asyncDispose](),
  }
}
