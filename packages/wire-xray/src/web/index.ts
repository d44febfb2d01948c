export type { WebTap } from './shown.ts'
export { startWebView, type WebView, type WebViewOptions } from './start-web-view.ts'
