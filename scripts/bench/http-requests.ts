/** What a client says that has nothing to say. */
export const TINY_HEAD = 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'

/** What a browser says: 589 bytes. */
export const BROWSER_HEAD: string = [
  'GET /search?q=server-sent+events&lang=en HTTP/1.1',
  'Host: 127.0.0.1:8080',
  'Connection: keep-alive',
  'Cache-Control: max-age=0',
  'Upgrade-Insecure-Requests: 1',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
  'Sec-Fetch-Site: none',
  'Sec-Fetch-Mode: navigate',
  'Sec-Fetch-Dest: document',
  'Accept-Encoding: gzip, deflate, br, zstd',
  'Accept-Language: en-GB,en;q=0.9',
  'Cookie: session=0123456789abcdef0123456789abcdef; theme=dark; zone=Berlin',
  '\r\n',
].join('\r\n')
