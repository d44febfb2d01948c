import { realClock } from '@sse-from-scratch/course'
import { compare } from '#ex/06-length-chunked-close'

// Six pieces, 80 ms apart, under each framing: once whole, once cut.
const sizes = [5, 26, 300, 1, 1, 1]
try {
  const rows = await compare(sizes, 80, realClock)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  console.log(`a body of ${total} bytes in ${sizes.length} pieces\n`)
  console.log('framing          first byte      whole   bytes behind the head   a cut is seen')
  for (const { framing, firstByteMs, totalMs, wireBytes, sawTruncation } of rows) {
    const [first, whole] = [firstByteMs, totalMs].map((ms) => `${Math.round(ms)} ms`.padStart(10))
    console.log(
      `${framing.padEnd(16)} ${first} ${whole} ${`${wireBytes}`.padStart(23)}   ${sawTruncation ? 'yes' : 'no'}`,
    )
  }
} catch (error) {
  console.log('compare:', error instanceof Error ? error.message : error)
}
