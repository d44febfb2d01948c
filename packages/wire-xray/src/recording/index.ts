export { openRecordingFile, type RecordingFile, type RecordingFileOptions } from '@sse-from-scratch/llm-stream'
export {
  missingFrom,
  parseRecording,
  type RecordedRead,
  type Recording,
  type SkippedLine,
} from '@sse-from-scratch/llm-stream/recording'
export type { BodyRules } from './credential-mask.ts'
export { createEntryMask, type EntryMask, type EntryMaskOptions, type MaskRules } from './entry-mask.ts'
export { readRecordingFile } from './file.ts'
export { recordConnection } from './record-connection.ts'
export { type ConnectionRecorder, createRecorder, type Recorder, type RecorderOptions } from './recorder.ts'
export { type ReplayRequestsOptions, replayRequests } from './replay-requests.ts'
export { type ServeRecordingOptions, serveRecording } from './serve-recording.ts'
