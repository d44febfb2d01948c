import { type Fields, latin1, type ResponseHead } from '@sse-from-scratch/http-raw'
import type { FindingItem, ReadItem } from '../proxy/item.ts'

/** A product that stands between clients and servers. */
export type Product =
  | 'nginx'
  | 'HAProxy'
  | 'Caddy'
  | 'Apache'
  | 'Varnish'
  | 'Squid'
  | 'Envoy'
  | 'Cloudflare'
  | 'CloudFront'

/** Whoever handled an answer last, as far as it left traces. A field may be an earlier hop's; framing is the last one's. */
export interface Hop {
  readonly product: Product | undefined
  /** All that left traces, the last one first. */
  readonly products: readonly Product[]
  /** Its chunk-sizes have small letters, or zeros in front: neither HAProxy nor Squid has written them. */
  readonly isLowerCase: boolean
  /** Its chunk-sizes have capital letters: HAProxy or Squid has. */
  readonly isUpperCase: boolean
  /** All names of its fields are in small letters, as HAProxy and everything on HTTP/2 writes them. */
  readonly hasSmallNames: boolean
  /** What says so. */
  readonly signs: readonly string[]
}

const FIELDS: readonly (readonly [field: string, pattern: RegExp, product: Product])[] = [
  ['x-varnish', /./, 'Varnish'],
  ['cf-ray', /./, 'Cloudflare'],
  ['x-amz-cf-id', /./, 'CloudFront'],
  ['server', /^(?:nginx|openresty)\b/i, 'nginx'],
  ['server', /^caddy\b/i, 'Caddy'],
  ['server', /^apache\b/i, 'Apache'],
  ['server', /^envoy\b/i, 'Envoy'],
  ['server', /^cloudflare\b/i, 'Cloudflare'],
  ['via', /\bvarnish\b/i, 'Varnish'],
  ['via', /\bcaddy\b/i, 'Caddy'],
  ['server', /^squid\b/i, 'Squid'],
  ['via', /\bsquid\b/i, 'Squid'],
  ['via', /\bcloudfront\b/i, 'CloudFront'],
]

/** Looks at the fields of an answer, and at how its chunk-sizes are written. */
export function hopOf(
  response: ResponseHead | undefined,
  chunks: readonly FindingItem[],
  reads: readonly ReadItem[],
): Hop {
  const sizes = sizesOf(chunks.slice(0, LOOKED_AT), reads)
  const named = response ? namedIn(response.fields) : []
  const framed = framingOf(sizes, named)
  const all = [...framed, ...named]
  return {
    product: all[0]?.product,
    products: [...new Set(all.map(({ product }) => product))],
    isLowerCase: sizes.some((size) => /[a-f]|^0./.test(size)),
    isUpperCase: sizes.some((size) => /[A-F]/.test(size)),
    hasSmallNames: [...(response?.fields ?? [])].every(([name]) => name === name.toLowerCase()),
    signs: all.map(({ sign }) => sign),
  }
}

interface Sign {
  readonly product: Product
  readonly sign: string
}

function namedIn(fields: Fields): readonly Sign[] {
  return FIELDS.flatMap(([field, pattern, product]) => {
    const value = fields.get(field)
    return value !== undefined && pattern.test(value) ? [{ product, sign: `${field}: ${value.slice(0, 60)}` }] : []
  })
}

/** Chunks whose size lines are looked at. */
const LOOKED_AT = 64

/** HAProxy and Squid write chunk-sizes in upper case, Varnish with zeros in front: RFC 9112 §7.1 allows both. Squid also names itself. */
function framingOf(sizes: readonly string[], named: readonly Sign[]): readonly Sign[] {
  const lettered = sizes.filter((size) => /[a-f]/i.test(size))
  const padded = sizes.filter((size) => size.startsWith('0'))
  if (sizes.length > 0 && padded.length === sizes.length) {
    return [{ product: 'Varnish', sign: `chunk-size ${padded[0]}, with zeros in front` }]
  }
  if (lettered.length > 0 && lettered.every((size) => /^[0-9A-F]+$/.test(size))) {
    const isSquid = named.some(({ product }) => product === 'Squid')
    return [{ product: isSquid ? 'Squid' : 'HAProxy', sign: `chunk-size ${lettered[0]}, in upper case` }]
  }
  return []
}

/** The chunk-sizes as they are written; of those that a read boundary cuts, none. */
function sizesOf(chunks: readonly FindingItem[], reads: readonly ReadItem[]): readonly string[] {
  let at = 0
  return chunks.flatMap(({ finding }) => {
    const [start] = finding.bytes[0] ?? [-1]
    while (reads[at] && (reads[at] as ReadItem).range[1] <= start) at++
    const read = reads[at]
    if (!read?.bytes || read.range[0] > start) return []
    const line = latin1(read.bytes.subarray(start - read.range[0], start - read.range[0] + 20))
    const [, size] = /^([0-9a-f]+)[;\r]/i.exec(line) ?? []
    return size === undefined ? [] : [size]
  })
}
