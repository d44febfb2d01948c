export { cellWidth } from './cell-width.ts'
export { type ChatView, type ChatViewOptions, createChatView } from './chat-view.ts'
export { clipped, padded, textWidth } from './clipped.ts'
export { createSanitizer, type Sanitizer } from './sanitize.ts'
