export { type BodyDecoder, type BodyEncoder, type BodyEvent, bodyTooLarge, type TransferCoding } from './body.ts'
export { createLengthDecoder, createUntilCloseDecoder } from './body-decoder.ts'
export { createIdentityEncoder } from './body-encoder.ts'
export { type BodyLength, requestBodyLength, responseBodyLength } from './body-length.ts'
export { HttpError, type HttpErrorCode, type HttpErrorOptions } from './errors.ts'
export { type FieldLine, parseFieldLine } from './field-line.ts'
export { Fields, type FieldsInit } from './fields.ts'
export type { ShownFields } from './fields-shown.ts'
export { latin1, toLatin1 } from './grammar.ts'
export {
  encodeRequestHead,
  encodeResponseHead,
  type HttpVersion,
  type RequestHead,
  type ResponseHead,
} from './head.ts'
export type { MessageDecoder, MessageEvent } from './head-then-body.ts'
export { DEFAULT_LIMITS, type Limits, NO_LIMITS } from './limits.ts'
export {
  createRequestDecoder,
  createResponseDecoder,
  type MessageDecoderOptions,
} from './message-decoder.ts'
export { parseRequestHead, parseResponseHead } from './parse-head.ts'
export { expectsContinue, persists } from './persistence.ts'
export { requestAuthority } from './request-target.ts'
export { reasonPhrase } from './status.ts'
