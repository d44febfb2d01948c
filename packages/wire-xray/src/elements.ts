import type { Layer } from './span.ts'

/** Every element a span can have, by layer, and what it is: for legends and tooltips, and to look up in the standard. */
export const ELEMENTS: Readonly<Record<Layer, Readonly<Record<string, string>>>> = {
  http: {
    method: 'what the request wants done (RFC 9110 §9)',
    'request-target': 'what it wants it done to (RFC 9112 §3.2)',
    'http-version': 'the version the sender conforms to (RFC 9112 §2.3)',
    'status-code': 'how the request went, in three digits (RFC 9110 §15)',
    'reason-phrase': 'the same for people; software ignores it (RFC 9112 §4)',
    sp: 'the single space between the parts of a start line (RFC 9112 §3, §4)',
    'field-name': 'a name of the header section, in any case (RFC 9110 §5.1)',
    colon: 'ends the field name; no space may come before it (RFC 9112 §5.1)',
    ows: 'optional whitespace, not part of the value (RFC 9110 §5.6.3)',
    'field-value': 'the value, and what whitespace may follow it (RFC 9110 §5.5)',
    'obs-fold': 'a value continued on the next line: obsolete (RFC 9112 §5.2)',
    crlf: 'ends a line (RFC 9112 §2.1)',
    'empty-line': 'a CRLF before the start line, skipped (RFC 9112 §2.2)',
    'blank-line': 'ends the header section: the body comes next (RFC 9112 §2.1)',
  },
  chunked: {
    'chunk-size': 'how many bytes of data follow, in hexadecimal; 0 is the last chunk (RFC 9112 §7.1)',
    'chunk-ext': 'extensions, which nearly everybody ignores (RFC 9112 §7.1.1)',
    crlf: 'ends the size line, the data, or a trailer field (RFC 9112 §7.1)',
    'field-name': 'a name of the trailer section (RFC 9112 §7.1.2)',
    colon: 'ends the field name (RFC 9112 §5.1)',
    ows: 'optional whitespace, not part of the value (RFC 9110 §5.6.3)',
    'field-value': 'the value of a trailer field (RFC 9110 §6.5)',
    'obs-fold': 'a value continued on the next line: obsolete (RFC 9112 §5.2)',
    'blank-line': 'ends the trailer section, and the body with it (RFC 9112 §7.1)',
  },
  sse: {
    bom: 'a byte order mark at the start of the stream, skipped (HTML §9.2.5)',
    'field-name': 'data, event, id or retry; any other is ignored (HTML §9.2.6)',
    colon: 'ends the field name (HTML §9.2.5)',
    space: 'one space behind the colon, not part of the value (HTML §9.2.6)',
    'field-value': 'the value of the field (HTML §9.2.6)',
    comment: 'a line that starts with a colon: nothing hears it, but it keeps the connection awake (HTML §9.2.7)',
    'end-of-line': 'CR, LF or CRLF (HTML §9.2.5)',
    'blank-line': 'dispatches the event collected so far (HTML §9.2.6)',
  },
  llm: {
    json: 'a JSON object in the data of an event (RFC 8259)',
    delta: 'text the model adds to its answer: inside a JSON string',
  },
  body: {
    'message-body': 'content that is not looked into (RFC 9112 §6)',
    line: 'a line of a body of lines that is no JSON object (NDJSON)',
    'end-of-line': 'LF: ends a line of such a body',
    tunnel: 'no longer HTTP, after a 101 or a CONNECT (RFC 9110 §7.8, §9.3.6)',
    unreadable: 'the byte that broke the protocol, and all behind it',
  },
}
