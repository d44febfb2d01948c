/** `token = 1*tchar` (RFC 9110 §5.6.2): methods, field names, coding names. */
export const TOKEN: RegExp = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
