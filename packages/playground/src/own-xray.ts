import { encodeRequestHead, type IncomingRequest } from '@sse-from-scratch/http-raw'
import type { Connection } from '@sse-from-scratch/tcp-echo'
import { createExplainer } from '@sse-from-scratch/wire-xray/proxy'
import { type ConnectionRecorder, createRecorder, recordConnection } from '@sse-from-scratch/wire-xray/recording'
import { createTimeline } from '@sse-from-scratch/wire-xray/timeline'
import { startWebView, type WebTap } from '@sse-from-scratch/wire-xray/web'

/** Bytes that each side of the x-ray remembers; the oldest answers go first. */
const REMEMBERED = 16 * 1024 * 1024

/** The playground's own streams under the x-ray: what a model says to us, and what we say to the page. */
export interface OwnXray extends AsyncDisposable {
  /** Where its page is. */
  readonly url: string
  /** A connection to a model. */
  model(connection: Connection): Connection
  /** An answer to the page; its bytes follow. */
  page(request: Pick<IncomingRequest, 'method' | 'target' | 'version' | 'fields'>): OverheardAnswer
}

/** What we say to the page. */
export interface OverheardAnswer {
  take(bytes: Uint8Array): void
  /** The line is gone, and it was us (`down`) or the browser (`up`). */
  cut(by: 'up' | 'down'): void
}

export async function startOwnXray(onError: (error: unknown) => void): Promise<OwnXray> {
  const [toPage, ofModel] = [createSide('to this page', changed), createSide('of the model', changed)]
  const title = 'the playground'
  const view = await startWebView({ taps: [toPage.tap, ofModel.tap], title, live: true, onError })

  function changed(): void {
    view.changed()
  }

  return {
    url: view.url,
    model: (connection) => recordConnection(connection, ofModel.open()),
    page({ method, target, version, fields }) {
      const recorder = toPage.open()
      recorder.bytes('up', encodeRequestHead({ method, target, version, fields }))
      return { take: (bytes) => recorder.bytes('down', bytes), cut: recorder.reset }
    },
    [Symbol.asyncDispose]: () => view[Symbol.asyncDispose](),
  }
}

function createSide(
  name: string,
  changed: () => void,
): { readonly tap: WebTap; readonly open: () => ConnectionRecorder } {
  const timeline = createTimeline({ maxSize: REMEMBERED })
  const explainer = createExplainer(
    (item) => {
      timeline.take(item)
      changed()
    },
    { withBytes: true },
  )
  const recorder = createRecorder({ record: explainer.take })
  const tap = {
    name,
    get exchanges() {
      return timeline.exchanges
    },
  }
  return { tap, open: () => recorder.open() }
}
