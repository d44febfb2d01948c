import { createBoundedLines } from './bounded-lines.ts'
import { createExchanges } from './exchanges.ts'
import { createGrouping } from './group.ts'
import { createTable } from './table.ts'
import { columnsOf, type Output, type View } from './view.ts'

/** Lines as they come, for what is no terminal: nothing is drawn twice, and nothing is in colour. */
export function createPlainView(output: Output): View {
  const line = createBoundedLines(output, (lines) => `… ${lines} lines left out: whoever reads them is too slow`)
  const options = {
    columns: columnsOf(output) + 1,
    shown: 'all',
    hex: false,
    paint: (_: unknown, text: string) => text,
  } as const
  const exchanges = createExchanges()
  const table = createTable(exchanges)
  let begun = false
  const grouping = createGrouping((group) => {
    if (!begun) line(table.head(options))
    begun = true
    for (const text of table.lines(group, options)) line(text)
  })

  return {
    take(item) {
      exchanges.take(item)
      grouping.take(item)
    },
    close: () => grouping.flush(),
  }
}
